// Package testsupport has what the tests of several packages need: registries, plugins, configurations and envelopes
// with any content. Only tests import it; it is not part of the image or of any build.
//
// Of the program it imports only config, whose tests are therefore outside of their package.
package testsupport
