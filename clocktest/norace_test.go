//go:build !race

package clocktest_test

const raceDetector = false
