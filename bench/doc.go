// Package bench measures Carillon, one file per question. It is a module of
// its own, so that what it compares with never becomes a dependency of the
// library. README.md says which of its three parts answers what.
package bench
