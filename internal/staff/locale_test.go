package staff

import "testing"

func TestOnlyTheUnitedStatesWriteTheMonthFirst(t *testing.T) {
	for locale, want := range map[string]bool{"en-us": true, "en-US": true, "en-GB": false, "en": false, "es-US": false, "": false} {
		o, err := Organisation{Name: "ACME", PublicURL: "https://desk.acme.example", Locale: locale}.check()
		if err != nil {
			t.Fatal(err)
		}
		if o.MonthFirst() != want {
			t.Errorf("%q: %v; want %v", locale, o.MonthFirst(), want)
		}
	}
}
