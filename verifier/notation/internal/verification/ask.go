package verification

import (
	"context"
	"slices"
)

// askAll asks Signer about the signatures that passed every other check: first about the newest of each signer that the
// statement needs, which are nearly always valid, then about the others, several in parallel. It ends as soon as the
// statement is satisfied.
func (t *trial) askAll(ctx context.Context) (satisfied bool) {
	var open []*group
	for _, one := range groupsOf(t.examined) {
		if failed, ok := t.revoked.Find(one.content); ok {
			t.settle(one, &failed)
		} else {
			open = append(open, one)
		}
	}
	first, rest := t.signers.choose(open)
	if t.askTogether(ctx, first) {
		return true
	}
	needed := slices.DeleteFunc(rest, func(one *group) bool { return !t.signers.need(one.ProfileVersion) })
	asked, others := withinLimits(needed, first)
	for _, one := range others {
		t.settle(one, notAsked())
	}
	return t.askTogether(ctx, asked)
}

// askTogether asks about several signatures in parallel. An identity that has counted is not asked about again.
func (t *trial) askTogether(ctx context.Context, groups []*group) (satisfied bool) {
	var running []*group
	cancels := map[*group]context.CancelFunc{}
	answers := make(chan struct{}, len(groups))
	for _, one := range groups {
		if !t.signers.need(one.ProfileVersion) {
			continue
		}
		asking, cancel := context.WithCancel(ctx)
		defer cancel()
		cancels[one] = cancel
		running = append(running, one)
		go func() {
			t.ask(asking, one)
			answers <- struct{}{}
		}()
	}
	for range running {
		<-answers
		for _, one := range running {
			if !t.signers.need(one.ProfileVersion) {
				cancels[one]()
			}
		}
	}
	return t.signers.suffice()
}

func (t *trial) ask(ctx context.Context, one *group) {
	failed := t.signer.Judge(ctx, one.Question)
	t.revoked.Remember(one.content, failed)
	t.settle(one, failed)
	if failed == nil {
		t.signers.count(one.ProfileVersion)
	}
}
