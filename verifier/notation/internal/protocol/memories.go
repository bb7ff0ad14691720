package protocol

import (
	"sync"

	"github.com/opencontainers/go-digest"
)

// memories delivers remembered signatures to the requests that await them. The zero value is ready for use.
type memories struct {
	mu       sync.Mutex
	awaiting map[string]chan []digest.Digest
}

// isMemory: a request always has a reference.
func (r Request) isMemory() bool { return r.Reference == "" && r.Remembered != nil }

func (m *memories) expect(request Request) <-chan []digest.Digest {
	if !request.AwaitsRemembered {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.awaiting == nil {
		m.awaiting = map[string]chan []digest.Digest{}
	}
	expected := make(chan []digest.Digest, 1)
	m.awaiting[request.ID] = expected
	return expected
}

// deliver ignores what nobody awaits, or no longer.
func (m *memories) deliver(request Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if expected, ok := m.awaiting[request.ID]; ok {
		expected <- request.Remembered
		delete(m.awaiting, request.ID)
	}
}

func (m *memories) forget(request Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.awaiting, request.ID)
}
