// Package funcname tells what a Go function is called.
package funcname

import (
	"reflect"
	"runtime"
	"strings"
)

// Of returns the name of a function, with its package but not the path to it:
// "billing.sendInvoices", "billing.(*Ledger).Close". A closure has the name
// that Go gives it, "billing.Register.func1". Of a nil function, and of what is
// none, it is "".
func Of(f any) string {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	return readable(runtime.FuncForPC(v.Pointer()).Name())
}

// readable shortens the full name of a function. A path that ends with a major
// version keeps the folder before that: "billing/v2.sendInvoices".
func readable(name string) string {
	name = strings.TrimSuffix(name, "-fm") // a method value
	types := strings.IndexByte(name, '[')  // of a generic function: they may have paths of their own
	if types < 0 {
		types = len(name)
	}
	slash := strings.LastIndexByte(name[:types], '/')
	if last, _, _ := strings.Cut(name[slash+1:], "."); slash > 0 && majorVersion(last) {
		slash = strings.LastIndexByte(name[:slash], '/')
	}
	return strings.ReplaceAll(name[slash+1:], "%2e", ".") // a dot in the package's path
}

// majorVersion reports whether the last folder of a package's path is one of
// those that modules put there, such as v2.
func majorVersion(folder string) bool {
	return len(folder) > 1 && folder[0] == 'v' && strings.Trim(folder[1:], "0123456789") == ""
}
