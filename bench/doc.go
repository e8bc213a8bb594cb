// Package bench measures Carillon, one file per question. It is a module of
// its own, so that what it compares with never becomes a dependency of the
// library.
//
//	go test -bench . -benchtime 5x
//
// Figures of one machine are worth little; compare figures of one run.
package bench
