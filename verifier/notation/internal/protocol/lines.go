package protocol

import (
	"encoding/json"
	"io"
	"sync"
)

// Lines writes one JSON object per line, from several goroutines.
type Lines struct {
	mu      sync.Mutex
	encoder *json.Encoder
}

// NewLines writes to w.
func NewLines(w io.Writer) *Lines { return &Lines{encoder: json.NewEncoder(w)} }

// Write writes one line.
func (l *Lines) Write(value any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// When the reader is gone, our input ends too, and with it this process.
	_ = l.encoder.Encode(value)
}
