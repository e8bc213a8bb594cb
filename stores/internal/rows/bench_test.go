package rows_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
	"github.com/carillon-go/carillon/triggers"
)

// typical is a job as the scheduler puts it.
func typical(trigger triggers.Trigger) job.Job {
	j := due("remind-ada-4711", noon)
	j.Call = job.NewTask[map[string]string]("mail.remind", nil).With(map[string]string{"to": "ada"})
	j.Trigger = triggers.Bind(trigger, triggers.Binding{Location: time.UTC, Now: noon, Seed: 7})
	return j
}

// typicalTriggers have what most stored triggers have.
var typicalTriggers = map[string]triggers.Trigger{
	"date":     triggers.At(noon.Add(123456 * time.Microsecond)),
	"interval": triggers.Must(triggers.Every(90 * time.Second)),
	"cron":     triggers.Must(triggers.NewCron(triggers.CronFields{DayOfWeek: "mon-fri", Hour: "9"}, triggers.Options{})),
	"crontab":  triggers.Must(triggers.NewCrontab("30 2 * * mon-fri", triggers.Options{})),
	"jitter":   triggers.Must(triggers.NewJitter(triggers.Must(triggers.Every(time.Hour)), time.Minute)),
}

func BenchmarkDecode(b *testing.B) {
	for name, trigger := range typicalTriggers {
		b.Run(name, func(b *testing.B) {
			j := typical(trigger)
			settings, err := rows.Encode(&j)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				rows.Decode(j.ID, &settings, nil)
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for name, trigger := range typicalTriggers {
		b.Run(name, func(b *testing.B) {
			j := typical(trigger)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rows.Encode(&j); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
