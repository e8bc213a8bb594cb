package triggers

import (
	"fmt"
	"testing"
)

// What is written and read again is the same trigger.
func TestCronPersistence(t *testing.T) {
	o := Options{Location: berlin, Start: at("2024-03-01T00:00:00.000000001+01:00"), End: at("2024-12-01T00:00:00Z"), Gap: Skip, Fold: Both}
	binding := Binding{Location: berlin, Now: at("2024-05-01T10:17:33.5Z"), Seed: 1<<64 - 1}
	tests := []struct {
		t    Trigger
		want string
	}{
		{Must(NewCron(CronFields{}, Options{})), `{"kind":"cron"}`},
		{Must(NewCron(CronFields{"2024", "*", "last", "*", "*", "2", "30", "0"}, o)),
			`{"kind":"cron","year":"2024","month":"*","day":"last","week":"*","day_of_week":"*","hour":"2","minute":"30","second":"0",` +
				`"timezone":"Europe/Berlin","start":"2024-03-01T00:00:00.000000001+01:00","end":"2024-12-01T00:00:00Z","gap":"skip","fold":"both"}`},
		{Must(NewCrontab(" TZ=Europe/Berlin  H(0-29) 2 * * MON#1 ", Options{Gap: Shift, Fold: First})),
			`{"kind":"crontab","expr":"H(0-29) 2 * * MON#1","timezone":"Europe/Berlin","gap":"shift","fold":"first"}`},
		{Bind(Must(NewCrontab("H H * * *", Options{})), binding),
			`{"kind":"crontab","expr":"H H * * *","seed":"18446744073709551615","timezone":"Europe/Berlin"}`},
		{Bind(Must(NewCrontab("0 9 * * *", Options{})), binding), `{"kind":"crontab","expr":"0 9 * * *","timezone":"Europe/Berlin"}`},
		{Bind(Must(NewCrontab("@every 90s", Options{})), binding),
			`{"kind":"crontab","expr":"@every 90s","timezone":"Europe/Berlin","start":"2024-05-01T10:19:03.5Z"}`},
	}
	for _, test := range tests {
		data, err := Encode(test.t)
		if err != nil || string(data) != test.want {
			t.Errorf("%v\n got %s, %v\nwant %s", test.t, data, err, test.want)
			continue
		}
		read, err := Decode(data, nil)
		if err != nil {
			t.Errorf("%s: %v", data, err)
			continue
		}
		now := at("2024-03-29T00:00:00Z")
		if got, want := fmt.Sprint(read, walk(read, now, 9)), fmt.Sprint(test.t, walk(test.t, now, 9)); got != want {
			t.Errorf("%s\n got %s\nwant %s", data, got, want)
		}
		if again, err := Encode(read); err != nil || string(again) != test.want {
			t.Errorf("%s is read and written as %s, %v", data, again, err)
		}
	}
}

func TestBadPersistence(t *testing.T) {
	for _, data := range []string{
		`{"kind":"cron","hours":"9"}`,
		`{"kind":"cron","hour":9}`,
		`{"kind":"cron","hour":"24"}`,
		`{"kind":"cron","gap":"jump"}`,
		`{"kind":"cron","fold":"last"}`,
		`{"kind":"cron","start":"yesterday"}`,
		`{"kind":"crontab"}`,
		`{"kind":"crontab","expr":"@daily","seed":7}`,
		`{"kind":"crontab","expr":"61 * * * *"}`,
	} {
		if got, err := Decode([]byte(data), nil); err == nil {
			t.Errorf("%s is read as %v", data, got)
		}
	}
}
