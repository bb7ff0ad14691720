package registry

import (
	"testing"
	"time"
)

func TestConnectionsAreClosedAfterASilenceOfTheWallClock(t *testing.T) {
	for _, test := range []struct {
		name    string
		silence time.Duration
		closed  bool
	}{
		{"right after", time.Second, false},
		{"after a freeze", frozenAfter + time.Second, true},
		{"after the clock was set back", -time.Hour, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := time.Now()
			woken := 0
			watch := newIdleWatch(func() { woken++ })
			watch.now = func() time.Time { return now }

			watch.begin()()
			now = now.Add(test.silence)
			end := watch.begin()

			if (woken == 1) != test.closed {
				t.Errorf("woken %d times", woken)
			}
			// Whoever comes while there is work finds living connections.
			now = now.Add(time.Hour)
			watch.begin()()
			end()
			if (woken == 1) != test.closed {
				t.Errorf("woken %d times in the middle of work", woken)
			}
		})
	}
}
