// Package canonicaltest tests persistent forms.
package canonicaltest
