package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/signer"
	"github.com/notaryproject/notation-plugin-framework-go/plugin"
)

// With this variable the test executable is the program itself.
const runProgram = "TEST_RUN_SIGNER_PLUGIN"

func TestMain(m *testing.M) {
	if os.Getenv(runProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestProgramDescribesItself(t *testing.T) {
	output, failure, err := runPlugin(t, plugin.CommandGetMetadata, struct{}{})

	if err != nil {
		t.Fatalf("%v: %s", err, failure)
	}
	want := `{"name":"com.amazonaws.signer.notation.plugin","description":"Local stand-in for the AWS Signer plugin for Notation",` +
		`"version":"1.0.2292+local","url":"https://docs.aws.amazon.com/signer","supportedContractVersions":["1.0"],` +
		`"capabilities":["SIGNATURE_GENERATOR.ENVELOPE","SIGNATURE_VERIFIER.TRUSTED_IDENTITY","SIGNATURE_VERIFIER.REVOCATION_CHECK"]}`
	if output != want {
		t.Errorf("got  %s\nwant %s", output, want)
	}
}

func TestProgramReachesSignerThroughAProxy(t *testing.T) {
	asked := ""
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Host
		_, _ = w.Write([]byte(`{"revokedEntities":[]}`))
	}))
	defer proxy.Close()

	output, failure, err := runPlugin(t, plugin.CommandVerifySignature, verifyRequest(t),
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret",
		"AWS_ENDPOINT_URL_SIGNER=http://signer.test", "HTTP_PROXY="+proxy.URL)

	if err != nil {
		t.Fatalf("%v: %s", err, failure)
	}
	var response plugin.VerifySignatureResponse
	if err := json.Unmarshal([]byte(output), &response); err != nil {
		t.Fatal(err)
	}
	revocation := response.VerificationResults[plugin.CapabilityRevocationCheckVerifier]
	if revocation == nil || !revocation.Success || asked != "data-signer.test" {
		t.Errorf("asked %q: %s", asked, output)
	}
}

func TestProgramReportsThatThereAreNoCredentials(t *testing.T) {
	output, failure, err := runPlugin(t, plugin.CommandVerifySignature, verifyRequest(t), "AWS_REGION=eu-west-1")

	if err != nil {
		t.Fatalf("%v: %s", err, failure)
	}
	if want := "GetRevocationStatus, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found"; !strings.Contains(output, want) {
		t.Errorf("%s does not contain %q", output, want)
	}
}

func TestProgramWritesErrorsOfTheContractToStandardError(t *testing.T) {
	request := verifyRequest(t)
	request.TrustPolicy.TrustedIdentities = []string{"*"}

	output, failure, err := runPlugin(t, plugin.CommandVerifySignature, request)

	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || output != "" {
		t.Errorf("%v, wrote %q", err, output)
	}
	want := `{"errorCode":"VALIDATION_ERROR","errorMessage":"The AWSSigner plugin does not support wildcard identity in the trust policy."}`
	if failure != want {
		t.Errorf("got  %s\nwant %s", failure, want)
	}
}

func TestPluginConfigChoosesRegionAndEndpoint(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-west-1")

	api, err := connectToSigner(t.Context(), map[string]string{
		configRegion:   "us-west-2",
		configEndpoint: "http://signer.test",
		"unknown":      "ignored",
	})

	if err != nil {
		t.Fatal(err)
	}
	client, ok := api.(*signer.Client)
	if !ok {
		t.Fatalf("got %T", api)
	}
	options := client.Options()
	if options.Region != "us-west-2" || options.BaseEndpoint == nil || *options.BaseEndpoint != "http://signer.test" {
		t.Errorf("region %s, endpoint %v", options.Region, options.BaseEndpoint)
	}
}

func TestUnknownProfileIsAnError(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)

	_, err := connectToSigner(t.Context(), map[string]string{configProfile: "nobody"})

	wantError(t, err, plugin.ErrorCodeGeneric, "failed to get shared config profile, nobody")
}

// runPlugin runs the program as Notation does, in an environment that holds
// nothing of this machine's own AWS settings.
func runPlugin(t *testing.T, command plugin.Command, request any, environment ...string) (output, failure string, err error) {
	t.Helper()
	input, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	program := exec.CommandContext(t.Context(), os.Args[0], string(command))
	program.Env = append([]string{runProgram + "=1", "AWS_EC2_METADATA_DISABLED=true", "HOME=" + t.TempDir()}, environment...)
	program.Stdin = bytes.NewReader(input)
	program.Stdout, program.Stderr = &stdout, &stderr
	err = program.Run()
	return stdout.String(), stderr.String(), err
}
