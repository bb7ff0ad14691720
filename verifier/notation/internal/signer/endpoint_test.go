package signer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"ecs-image-verification/verifier/notation/internal/testsupport"
)

// startEndpoint starts a stand-in Signer, which answers with the host it was asked for, and a forwarder before it.
func startEndpoint(t *testing.T) (endpoint, forwarder *url.URL) {
	t.Helper()
	signer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) }))
	t.Cleanup(signer.Close)
	endpoint = parseURL(t, signer.URL)
	address, err := listenForwarder(t.Context(), endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return endpoint, parseURL(t, address)
}

func parseURL(t *testing.T, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func through(t *testing.T, forwarder *url.URL, target string) (*http.Response, string, error) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(forwarder), DisableKeepAlives: true}}
	response, err := client.Do(testsupport.NewRequest(t, target))
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

func TestTheForwarderServesTheEndpointUnderThePrefixesOfTheSDK(t *testing.T) {
	endpoint, forwarder := startEndpoint(t)
	for _, prefix := range []string{"", "verification.", "data-"} {
		host := prefix + endpoint.Host

		response, body, err := through(t, forwarder, "http://"+host+"/revocations")

		// The request's signature covers the host, so it must arrive as it was sent.
		if err != nil || response.StatusCode != http.StatusOK || body != host {
			t.Errorf("%s: %q %v", host, body, err)
		}
	}
}

func TestTheForwarderServesNobodyElse(t *testing.T) {
	endpoint, forwarder := startEndpoint(t)
	_, port, _ := net.SplitHostPort(endpoint.Host)
	for _, host := range []string{"example.com", "127.0.0.1:1", "x" + endpoint.Host, "localhost:" + port, "169.254.169.254"} {
		response, body, err := through(t, forwarder, "http://"+host+"/")

		if err != nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %q %v", host, body, err)
		}
	}
}

func TestAnEndpointThatRefusesLooksLikeOne(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	endpoint := parseURL(t, "http://"+listener.Addr().String())
	listener.Close()
	address, err := listenForwarder(t.Context(), endpoint)
	if err != nil {
		t.Fatal(err)
	}

	response, body, err := through(t, parseURL(t, address), endpoint.String())

	if err == nil {
		t.Errorf("answered %d %q", response.StatusCode, body)
	}
}

func TestATunnelLeadsToTheEndpointAlone(t *testing.T) {
	signer := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "signer") }))
	t.Cleanup(signer.Close)
	address, err := listenForwarder(t.Context(), parseURL(t, signer.URL))
	if err != nil {
		t.Fatal(err)
	}
	transport := signer.Client().Transport.(*http.Transport).Clone()
	transport.Proxy = http.ProxyURL(parseURL(t, address))
	transport.DisableKeepAlives = true

	response, err := (&http.Client{Transport: transport}).Do(testsupport.NewRequest(t, signer.URL))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()

	if err != nil || string(body) != "signer" {
		t.Errorf("%q %v", body, err)
	}
	if status := connect(t, parseURL(t, address).Host, "example.com:443"); !strings.Contains(status, "403") {
		t.Errorf("a tunnel to another host: %q", status)
	}
}

// connect asks a proxy for a tunnel and gives its status line.
func connect(t *testing.T, proxy, target string) string {
	t.Helper()
	connection, err := net.Dial("tcp", proxy)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", target, target)
	status, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func TestHostsThatNameTheEndpoint(t *testing.T) {
	for _, test := range []struct {
		endpoint, host string
		want           bool
	}{
		{"https://signer.eu-west-1.amazonaws.com", "data-signer.eu-west-1.amazonaws.com", true},
		{"https://signer.eu-west-1.amazonaws.com", "verification.signer.eu-west-1.amazonaws.com:443", true},
		{"https://signer.eu-west-1.amazonaws.com:443", "signer.eu-west-1.amazonaws.com", true},
		{"https://signer.eu-west-1.amazonaws.com", "signer.eu-west-1.amazonaws.com:80", false},
		{"http://[::1]:8080", "[::1]:8080", true},
		{"https://signer.eu-west-1.amazonaws.com", "evilsigner.eu-west-1.amazonaws.com", false},
		{"https://signer.eu-west-1.amazonaws.com", "", false},
	} {
		if got := namesEndpoint(test.host, parseURL(t, test.endpoint)); got != test.want {
			t.Errorf("%s for %s: %t", test.host, test.endpoint, got)
		}
	}
}

func TestEndpointsThatAreNone(t *testing.T) {
	for _, endpoint := range []string{"signer", "127.0.0.1:80", "ftp://x", "http://", "http://user:secret@x", "://"} {
		err := Redirect(t.Context(), endpoint)

		if !errors.As(err, new(*EndpointError)) {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}

func TestThePluginIsSentThroughTheForwarder(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL_SIGNER", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"} {
		t.Setenv(name, "from before")
	}

	if err := Redirect(t.Context(), "http://127.0.0.1:9"); err != nil {
		t.Fatal(err)
	}

	forwarder := os.Getenv("HTTP_PROXY")
	if os.Getenv("AWS_ENDPOINT_URL_SIGNER") != "http://127.0.0.1:9" || !strings.HasPrefix(forwarder, "http://127.0.0.1:") || os.Getenv("HTTPS_PROXY") != forwarder {
		t.Errorf("endpoint %q, forwarder %q", os.Getenv("AWS_ENDPOINT_URL_SIGNER"), forwarder)
	}
	for _, name := range []string{"NO_PROXY", "http_proxy", "https_proxy", "no_proxy"} {
		if os.Getenv(name) != "" {
			t.Errorf("%s is %q", name, os.Getenv(name))
		}
	}
}

func TestWithoutAnEndpointNothingChanges(t *testing.T) {
	t.Setenv("HTTP_PROXY", "from before")

	if err := Redirect(t.Context(), ""); err != nil || os.Getenv("HTTP_PROXY") != "from before" {
		t.Errorf("%v, %q", err, os.Getenv("HTTP_PROXY"))
	}
}
