package registry

import (
	"sync"
	"time"
)

// frozenAfter is the silence after which connections are taken for dead.
const frozenAfter = 10 * time.Second

// idleWatch notices that this process has stood still: Lambda freezes it between two invocations, and meanwhile the other
// ends of its idle connections go away, inferred (freeze-ends-connections). The first call on such a connection would wait for
// its whole limit.
type idleWatch struct {
	// now is the wall clock; a monotonic one stands still as well.
	now  func() time.Time
	wake func()

	mu      sync.Mutex
	working int
	last    time.Time
}

func newIdleWatch(wake func()) *idleWatch {
	return &idleWatch{now: func() time.Time { return time.Now().Round(0) }, wake: wake}
}

// begin notes the begin of some work, and calls wake if the last one has ended long ago; the result notes its end.
func (w *idleWatch) begin() (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	// A clock that was set back says nothing.
	if silence := w.now().Sub(w.last); w.working == 0 && !w.last.IsZero() && (silence > frozenAfter || silence < 0) {
		w.wake()
	}
	w.working++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.working--
		w.last = w.now()
	}
}
