package signing

import (
	"context"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	"github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/notation-core-go/testhelper"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	ociregistry "oras.land/oras-go/v2/registry"

	"ecs-image-verification/verifier/notation/internal/envelope"
	"ecs-image-verification/verifier/notation/internal/protocol"
	"ecs-image-verification/verifier/notation/internal/registry"
	"ecs-image-verification/verifier/notation/internal/signer"
	"ecs-image-verification/verifier/notation/internal/testsupport"
)

const metadata = "echo '" + testsupport.PluginMetadata + "'"

// signedImage serves an image with a signature that the profile has made. The plugin of the job answers verify-signature with
// the script, and records its commands in a file.
func signedImage(t *testing.T, verify string) (job Job, runs string) {
	t.Helper()
	served := testsupport.Contents{}
	blob := served.Add(jws.MediaTypeEnvelope, signedEnvelope(t))
	listed := served.Signature(t, blob)
	listed.ArtifactType = testsupport.ArtifactType
	_, text := testsupport.StartRegistryWithImage(t, served, testsupport.OnePage([]ocispec.Descriptor{listed}))
	reference, err := ociregistry.ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	executable, runs := testsupport.WritePlugin(t, metadata, verify)
	plugin, err := signer.Load(t.Context(), executable)
	if err != nil {
		t.Fatal(err)
	}
	repository := registry.NewClients(true).Repository(reference, nil)
	return Job{Repository: repository, Plugin: plugin, Profile: testsupport.ProfileARN, UnlessSigned: true}, runs
}

func signedEnvelope(t *testing.T) []byte {
	t.Helper()
	leaf, root := testhelper.GetRSALeafCertificate(), testhelper.GetRSARootCertificate()
	local, err := signature.NewLocalSigner([]*x509.Certificate{leaf.Cert, root.Cert}, leaf.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	made, err := signature.NewEnvelope(jws.MediaTypeEnvelope)
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := made.Sign(&signature.SignRequest{
		Payload:       signature.Payload{ContentType: "application/vnd.cncf.notary.payload.v1+json", Content: []byte(testsupport.Payload(t, testsupport.Image))},
		Signer:        local,
		SigningTime:   time.Now(),
		SigningScheme: signature.SigningSchemeX509,
		ExtendedSignedAttributes: []signature.Attribute{
			{Key: envelope.AttributePlugin, Value: "com.amazonaws.signer.notation.plugin", Critical: true},
			{Key: envelope.AttributeProfileVersion, Value: testsupport.ProfileVersionARN, Critical: true},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func TestASignatureCountsWhereSignerDoesNotSayWhetherItIsRevoked(t *testing.T) {
	job, _ := signedImage(t, "exit 1")

	signed, err := job.signedBefore(t.Context())

	if err != nil || signed == nil || signed.Earlier.Status != protocol.StatusUnknown {
		t.Fatalf("%+v %v", signed, err)
	}
}

func TestNothingCountsOnceTheTimeIsOver(t *testing.T) {
	job, runs := signedImage(t, "sleep 60")
	ctx, cancel := context.WithCancel(t.Context())
	type answer struct {
		signed *protocol.Signed
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		signed, err := job.signedBefore(ctx)
		answered <- answer{signed, err}
	}()
	testsupport.Eventually(t, "the plugin is asked about the signature", func() bool {
		return slices.Contains(testsupport.CommandsOf(t, runs), "verify-signature")
	})

	cancel()

	if got := <-answered; got.err == nil || got.signed != nil {
		t.Fatalf("%+v %v", got.signed, got.err)
	}
}
