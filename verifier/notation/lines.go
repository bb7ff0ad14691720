package main

import (
	"encoding/json"
	"io"
	"sync"
)

// lines writes one JSON object a line, from several goroutines.
type lines struct {
	mu      sync.Mutex
	encoder *json.Encoder
}

// newLines writes to w.
func newLines(w io.Writer) *lines { return &lines{encoder: json.NewEncoder(w)} }

// write writes one line.
func (l *lines) write(value any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// A reader that is gone ends our input too, and with it this process.
	_ = l.encoder.Encode(value)
}
