package protocol

import "fmt"

// FailedCheck is the check that a signature did not pass.
type FailedCheck struct {
	Check Check
	Fault *Fault
}

// Refuse makes a check that said no, for the reason that the format and its values give.
func Refuse(check Check, format string, values ...any) *FailedCheck {
	return &FailedCheck{check, &Fault{Kind: KindRefused, Detail: Printable(fmt.Sprintf(format, values...))}}
}
