package verification

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

var login = &protocol.Credentials{Username: "AWS", Password: "token"}

const notAuthorized = "User: arn:aws:sts::111122223333:assumed-role/verifier/x is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/team/app "

func refuseWith(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		if r.Method != http.MethodHead && message != "" {
			_, _ = fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":%q}]}`, message)
		}
	}
}

func TestARefusalByECRIsOursIfAWSNamesAPolicyOfOurs(t *testing.T) {
	for message, kind := range map[string]protocol.Kind{
		notAuthorized + "because no identity-based policy allows the ecr:BatchGetImage action":          protocol.KindAccessDenied,
		"denied: " + notAuthorized + "because no permissions boundary allows the action":                protocol.KindAccessDenied,
		notAuthorized + "because no session policy allows the action":                                   protocol.KindAccessDenied,
		notAuthorized + "because no service control policy allows the action":                           protocol.KindAccessDenied,
		notAuthorized + "because no VPC endpoint policy allows the action":                              protocol.KindAccessDenied,
		notAuthorized + "with an explicit deny in an identity-based policy":                             protocol.KindAccessDenied,
		notAuthorized + "with an explicit deny in a service control policy":                             protocol.KindAccessDenied,
		notAuthorized + "because no resource-based policy allows the ecr:BatchGetImage action":          protocol.KindRepositoryDenied,
		notAuthorized + "with an explicit deny in a resource-based policy":                              protocol.KindRepositoryDenied,
		notAuthorized + "with an explicit deny in a resource control policy":                            protocol.KindRepositoryDenied,
		strings.TrimSpace(notAuthorized):                                                                protocol.KindRepositoryDenied,
		"no: " + notAuthorized + "because no identity-based policy allows the ecr:BatchGetImage action": protocol.KindRepositoryDenied,
		"because no identity-based policy allows the ecr:BatchGetImage action":                          protocol.KindRepositoryDenied,
		"": protocol.KindRepositoryDenied,
	} {
		registry := testsupport.StartRegistry(t, testsupport.AskBasic(refuseWith(http.StatusForbidden, message)))

		result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: registry.Reference(testsupport.Image.Digest.String()).String(), Credentials: login, ECR: true, DeadlineMs: 5000})

		if result.Outcome != protocol.OutcomeFailed || result.Error.Kind != kind || result.Error.Stage != protocol.StageResolve {
			t.Errorf("%q: %+v", message, result.Error)
		}
	}
}

func TestARefusalIsOursIfTheLoginItselfIsRefused(t *testing.T) {
	basic := `Basic realm="registry"`
	for _, test := range []struct {
		name                  string
		login, token, content int
		credentials           *protocol.Credentials
		kind                  protocol.Kind
	}{
		{"no login", 401, 0, 401, nil, protocol.KindLoginRequired},
		{"no login, and the repository is forbidden", 200, 0, 403, nil, protocol.KindLoginRequired},
		{"no login, and no token without one", 401, 401, 401, nil, protocol.KindLoginRequired},
		{"no login, and no token for the repository", 401, 404, 401, nil, protocol.KindLoginRequired},
		{"login refused", 401, 0, 401, login, protocol.KindAccessDenied},
		{"login refused with 403", 403, 0, 403, login, protocol.KindAccessDenied},
		{"login refused by the token server", 401, 401, 401, login, protocol.KindAccessDenied},
		{"login accepted, repository refused", 200, 0, 403, login, protocol.KindRepositoryDenied},
		{"login accepted, repository refused with 401", 200, 0, 401, login, protocol.KindRepositoryDenied},
		{"login accepted, and no token for the repository", 200, 403, 401, login, protocol.KindRepositoryDenied},
		{"whether the login is good cannot be asked", 503, 0, 403, login, protocol.KindUnavailable},
		{"the registry does not know the question", 404, 0, 403, login, protocol.KindRepositoryDenied},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			host := ""
			answer := func(w http.ResponseWriter, status int) {
				if status == http.StatusUnauthorized {
					w.Header().Set("WWW-Authenticate", basic)
					if test.token != 0 {
						w.Header().Set("WWW-Authenticate", `Bearer realm="http://`+host+`/token",service="x"`)
					}
				}
				w.WriteHeader(status)
			}
			registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/v2/":
					answer(w, test.login)
				case "/token":
					w.WriteHeader(test.token)
				default:
					answer(w, test.content)
				}
			})
			host = registry.Host

			result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: registry.Reference(testsupport.Image.Digest.String()).String(), Credentials: test.credentials, DeadlineMs: 10_000})

			if result.Outcome != protocol.OutcomeFailed || result.Error.Kind != test.kind {
				t.Errorf("%+v", result.Error)
			}
			if test.kind == protocol.KindLoginRequired && !strings.Contains(result.Error.Detail, "the trust document names no secret") {
				t.Errorf("the detail gives no next step: %s", result.Error.Detail)
			}
		})
	}
}

func TestARefusalOfTheStorageIsThePublishersOutsideECR(t *testing.T) {
	for _, test := range []struct {
		status int
		ecr    bool
		kind   protocol.Kind
	}{
		{400, false, protocol.KindRejected}, {401, false, protocol.KindRejected}, {403, false, protocol.KindRejected}, {404, false, protocol.KindNotFound}, {410, false, protocol.KindRejected},
		{403, true, protocol.KindAccessDenied}, {400, true, protocol.KindRejected}, {404, true, protocol.KindNotFound}, {410, true, protocol.KindRejected},
	} {
		storage := testsupport.StartRegistry(t, testsupport.StatusOnly(test.status))
		served := testsupport.Contents{}
		manifest := served.Signature(t, testsupport.Describe(testsupport.JWSMediaType, []byte("{}")))
		registry, reference := testsupport.StartRegistryWithImage(t, served, testsupport.OnePage([]ocispec.Descriptor{manifest}))
		inner := registry.Handler
		registry.Handler = func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/blobs/") {
				http.Redirect(w, r, "http://"+storage.Host+"/bucket", http.StatusTemporaryRedirect)
				return
			}
			inner(w, r)
		}

		result := verifyWith(t, startVerifier(t, testsupport.TrustPolicy), protocol.Request{Reference: reference, ECR: test.ecr, Credentials: login, DeadlineMs: 5000})

		if len(result.Signatures) != 1 || result.Signatures[0].Check != protocol.CheckFetch || result.Signatures[0].Fault.Kind != test.kind {
			t.Errorf("%+v: %+v %+v", test, result.Signatures, result.Error)
		}
	}
}
