package triggers

import (
	"errors"
	"testing"
	"time"
)

func TestImpossible(t *testing.T) {
	crontab := func(expr string) Trigger { return Must(NewCrontab(expr, Options{})) }
	never, leapDay := crontab("0 0 30 2 *"), crontab("0 0 29 2 *")
	for _, tt := range []struct {
		t    Trigger
		want bool
	}{
		{never, true},
		{leapDay, false},
		{crontab("0 0 31 4,6,9,11 ?"), true},
		{crontab("0 0 H(30-31) 2 *"), false}, // it is not chosen yet
		{crontab("@every 1h"), false},
		{crontab("* * * * *"), false},
		{Must(NewCron(CronFields{Year: "2023", Month: "2", Day: "29"}, Options{})), true},
		{Must(NewCron(CronFields{Month: "1", Week: "30"}, Options{})), true},
		{Must(NewCron(CronFields{Day: "1st mon", DayOfWeek: "tue"}, Options{})), true},
		{Must(NewCron(CronFields{Year: "1970"}, Options{})), false},
		{Must(NewCron(CronFields{Year: "9999", Month: "12", Day: "31"}, Options{})), false},
		{At(time.Unix(0, 0)), false},
		{Must(NewAnd(leapDay, never)), true},
		{Must(NewAnd(leapDay, leapDay)), false},
		{Must(NewOr(leapDay, never)), false},
		{Must(NewOr(never, never)), true},
		{Must(NewJitter(never, time.Minute)), true},
		{Must(NewExcept(never)), true},
		{Must(NewExcept(leapDay)), false},
		{Date{}, true},
		{At(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), true},
		{Must(NewAnd(Date{}, leapDay)), true},
		{nil, false},
		{(*Cron)(nil), false},
	} {
		if got := Impossible(tt.t); got != tt.want {
			t.Errorf("%v: %v", tt.t, got)
		}
		if IsNil(tt.t) {
			continue
		}
		if next, ok := tt.t.Next(time.Time{}, time.Time{}); tt.want && ok {
			t.Errorf("%v is impossible, and fires at %v", tt.t, next)
		}
	}
}

// TestNilChildren gives what a constructor returns beside an error that nobody has
// looked at.
func TestNilChildren(t *testing.T) {
	for _, child := range []Trigger{nil, (*Cron)(nil), (*Or)(nil)} {
		_, and := NewAnd(At(time.Unix(0, 0)), child)
		_, or := NewOr(child)
		_, jitter := NewJitter(child, time.Second)
		_, except := NewExcept(child)
		for field, err := range map[string]error{"And child 1": and, "Or child 0": or, "Jitter trigger": jitter, "Except trigger": except} {
			if fault, ok := errors.AsType[*Error](err); !ok || fault.Field != field {
				t.Errorf("%T: %v, want a fault of %s", child, err, field)
			}
		}
	}
}
