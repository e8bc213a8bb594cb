// Package everystore has tests only: whole schedulers on each durable store, as
// a program would use them. What a store has to do by itself is tested by
// package storetest; what it and its schedulers come through, by package
// torture.
package everystore
