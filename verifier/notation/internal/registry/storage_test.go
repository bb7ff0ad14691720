package registry

import (
	"net/http"
	"testing"

	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

func TestARefusalOverTheKeyOfARepositoryIsItsOwners(t *testing.T) {
	for body, kind := range map[string]protocol.Kind{
		"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>":                                                                protocol.KindAccessDenied,
		"<Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: kms:Decrypt on the resource associated</Message></Error>": protocol.KindRejected,
		"<Error><Code>KMS.DisabledException</Code></Error>":                                                                                       protocol.KindRejected,
	} {
		storage := testsupport.StartRegistry(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(body))
		})
		registry := testsupport.StartRegistry(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+storage.Host+"/bucket", http.StatusTemporaryRedirect)
		})
		whose := Refusals{clients: NewClients(true), reference: registry.Reference("v1"), credentials: credentials, ecr: true}

		_, err := fetchBounded(t.Context(), repositoryOf(registry, credentials).Blobs(), testsupport.Image, 100)

		if fault := whose.Explain(t.Context(), err); fault.Kind != kind {
			t.Errorf("%s: %+v", body, fault)
		}
	}
}
