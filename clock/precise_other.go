//go:build !linux

package clock

import "time"

func sleepUntil(at time.Time) { time.Sleep(time.Until(at)) }
