// Package testsupport holds what the tests of several packages need: registries, plugins, configurations and envelopes
// that say whatever a test wants. Only tests import it; it is left out of the image and of every build.
//
// Of the program it imports config alone, whose tests therefore stand outside of their package.
package testsupport
