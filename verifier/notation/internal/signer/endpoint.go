package signer

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"

	"ecs-image-verification/verifier/notation/internal/hostport"
)

// Redirect makes the plugin use another endpoint than AWS Signer: a stand-in on this machine, or a VPC endpoint.
//
// For some operations the AWS SDK adds a prefix to the host ("verification." or, later, "data-"), which does not work
// for loopback addresses and most endpoints. So the plugin's requests go through a forwarder in this process, on
// loopback. It accepts the endpoint under these names too, and forwards to nothing else. An empty endpoint changes
// nothing.
func Redirect(ctx context.Context, endpoint string) error {
	if endpoint == "" {
		return nil
	}
	target, err := parseEndpoint(endpoint)
	if err != nil {
		return err
	}
	forwarder, err := listenForwarder(ctx, target)
	if err != nil {
		return err
	}
	// The plugin inherits these with our environment. Registries have read their proxy settings before.
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SIGNER": endpoint,
		"HTTP_PROXY":              forwarder,
		"HTTPS_PROXY":             forwarder,
		"NO_PROXY":                "",
		"http_proxy":              "",
		"https_proxy":             "",
		"no_proxy":                "",
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// EndpointError is an invalid endpoint.
type EndpointError struct{ endpoint string }

func (e *EndpointError) Error() string {
	return fmt.Sprintf("%q is not a URL like http://127.0.0.1:8080", e.endpoint)
}

func parseEndpoint(endpoint string) (*url.URL, error) {
	target, err := url.Parse(endpoint)
	if err != nil || (target.Scheme != "http" && target.Scheme != "https") || target.Host == "" || target.User != nil {
		return nil, &EndpointError{endpoint}
	}
	return target, nil
}

func listenForwarder(ctx context.Context, target *url.URL) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: newForwarder(target), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	context.AfterFunc(ctx, func() { server.Close() })
	return "http://" + listener.Addr().String(), nil
}

func newForwarder(target *url.URL) http.Handler {
	// Without a proxy: the environment now names this forwarder.
	transport := &http.Transport{IdleConnTimeout: time.Minute}
	forward := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(request *httputil.ProxyRequest) {
			request.Out.URL.Scheme = target.Scheme
			request.Out.URL.Host = target.Host
			// The signature of the request includes the host that the SDK used.
			request.Out.Host = request.In.Host
		},
		// The SDK must see a refused connection as one, not as a response of Signer.
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { closeConnection(w) },
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !namesEndpoint(r.Host, target):
			http.Error(w, "this forwarder serves the Signer endpoint only", http.StatusForbidden)
		case r.Method == http.MethodConnect:
			tunnel(w, r, target)
		default:
			forward.ServeHTTP(w, r)
		}
	})
}

// namesEndpoint accepts the endpoint's host and port with or without a prefix of the SDK.
func namesEndpoint(host string, target *url.URL) bool {
	prefix, ok := strings.CutSuffix(hostport.WithPort(host, target.Scheme), hostport.WithPort(target.Host, target.Scheme))
	return ok && (prefix == "" || strings.HasSuffix(prefix, ".") || strings.HasSuffix(prefix, "-"))
}

func closeConnection(w http.ResponseWriter) {
	if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
		connection.Close()
	}
}

// tunnel forwards a CONNECT request: TLS stays between the plugin and the endpoint.
func tunnel(w http.ResponseWriter, r *http.Request, target *url.URL) {
	upstream, err := net.DialTimeout("tcp", hostport.WithPort(target.Host, target.Scheme), 10*time.Second)
	if err != nil {
		closeConnection(w)
		return
	}
	defer upstream.Close()
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{upstream, client}, {client, upstream}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			done <- struct{}{}
		}()
	}
	<-done
}
