// Package memory keeps jobs in this process's memory.
package memory
