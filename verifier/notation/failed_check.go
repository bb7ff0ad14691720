package main

import "fmt"

// failedCheck is the check that a signature did not pass.
type failedCheck struct {
	check Check
	fault *Fault
}

// refuse makes a check that said no, for the reason that the format and its values give.
func refuse(check Check, format string, values ...any) *failedCheck {
	return &failedCheck{check, &Fault{Kind: KindRefused, Detail: printable(fmt.Sprintf(format, values...))}}
}

// refused makes the fault of a check that said no.
func refused(err error) *Fault { return &Fault{Kind: KindRefused, Detail: printable(err.Error())} }
