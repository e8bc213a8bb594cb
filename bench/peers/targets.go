package main

// target is something that is aimed at.
type target struct {
	Aim      string
	Measured string
	Verdict  string
}
