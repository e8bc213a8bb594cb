//go:build race

package clocktest_test

// raceDetector makes everything about five times as slow.
const raceDetector = true
