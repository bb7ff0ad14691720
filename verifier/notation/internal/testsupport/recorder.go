package testsupport

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Recorder is a server whose requests are kept word for word: to see which of them contain a secret.
type Recorder struct {
	// Host with its port.
	Host string

	mu   sync.Mutex
	told []string
}

// StartRecorder starts a server on a free port of this machine; it ends with the test. With a pool it speaks HTTPS, and
// its certificate is added to the pool.
func StartRecorder(t *testing.T, pool *x509.CertPool, handler http.HandlerFunc) *Recorder {
	t.Helper()
	recorder := &Recorder{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder.record(r)
		handler(w, r)
	}))
	if pool == nil {
		server.Start()
	} else {
		server.StartTLS()
		pool.AddCert(server.Certificate())
	}
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	_, recorder.Host, _ = strings.Cut(server.URL, "://")
	return recorder
}

// record keeps a request, and leaves its body to be read again.
func (s *Recorder) record(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var header strings.Builder
	_ = r.Header.Write(&header)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, r.Method+" "+r.URL.String()+"\n"+header.String()+"\n"+string(body))
}

// Told returns all requests so far.
func (s *Recorder) Told() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.told, "\n\n")
}

// TrustOnly makes the pool the only roots.
func TrustOnly(pool *x509.CertPool) *tls.Config {
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}
