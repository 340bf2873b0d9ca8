package email

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhatIsNewIsPartedFromWhatIsOld(t *testing.T) {
	old := "\n> Where is it?\n> Ann"
	for name, x := range map[string]struct{ in, text, quoted string }{
		"nothing quoted":          {"hello\nworld", "hello\nworld", ""},
		"English":                 {"Yes.\n\nOn Mon, 3 Feb 2025 at 10:12, Ann <ann@far.example> wrote:" + old, "Yes.", "On Mon"},
		"English over two lines":  {"Yes.\n\nOn Mon, 3 Feb 2025 at 10:12, Ann Example\n<ann@far.example> wrote:\n" + old, "Yes.", "On Mon"},
		"German":                  {"Ja.\n\nAm 03.02.25 um 10:12 schrieb Ann:" + old, "Ja.", "Am 03"},
		"French":                  {"Oui.\n\nLe lun. 3 févr. 2025 à 10:12, Ann <ann@far.example> a écrit :" + old, "Oui.", "Le lun"},
		"Spanish":                 {"Sí.\n\nEl lun, 3 feb 2025 a las 10:12, Ann (<ann@far.example>) escribió:" + old, "Sí.", "El lun"},
		"Italian":                 {"Sì.\n\nIl giorno lun 3 feb 2025 alle ore 10:12 Ann <ann@far.example> ha scritto:" + old, "Sì.", "Il giorno"},
		"Dutch":                   {"Ja.\n\nOp ma 3 feb 2025 om 10:12 schreef Ann <ann@far.example>:" + old, "Ja.", "Op ma"},
		"Portuguese":              {"Sim.\n\nEm seg., 3 de fev. de 2025 às 10:12, Ann <ann@far.example> escreveu:" + old, "Sim.", "Em seg"},
		"Polish":                  {"Tak.\n\npon., 3 lut 2025 o 10:12 Ann <ann@far.example> napisał(a):" + old, "Tak.", "pon."},
		"Russian":                 {"Да.\n\nпн, 3 февр. 2025 г. в 10:12, Ann <ann@far.example>:" + old, "Да.\n\nпн, 3 февр. 2025 г. в 10:12, Ann <ann@far.example>:", "> Where"},
		"Swedish":                 {"Ja.\n\nDen mån 3 feb. 2025 kl 10:12 skrev Ann <ann@far.example>:" + old, "Ja.", "Den mån"},
		"Chinese":                 {"好的。\n\nAnn <ann@far.example> 于2025年2月3日周一 10:12写道：" + old, "好的。", "Ann"},
		"Turkish":                 {"Evet.\n\nAnn <ann@far.example>, 3 Şub 2025 Pzt, 10:12 tarihinde şunu yazdı:" + old, "Evet.", "Ann"},
		"Outlook":                 {"Yes.\n\n________________________________\nFrom: Ann <ann@far.example>\nSent: Monday\nTo: Help\nSubject: Parcel\n\nWhere is it?", "Yes.", "_____"},
		"Outlook in German":       {"Ja.\n\nVon: Ann <ann@far.example>\nGesendet: Montag\nAn: Hilfe\nBetreff: Paket\n\nWo ist es?", "Ja.", "Von:"},
		"Outlook in French":       {"Oui.\n\nDe : Ann <ann@far.example>\nEnvoyé : lundi\nÀ : Aide\nObjet : Colis\n\nOù est-il ?", "Oui.", "De :"},
		"original message":        {"Yes.\n\n-----Original Message-----\nFrom: Ann\nWhere is it?", "Yes.", "-----Orig"},
		"unmarked below wrote":    {"Yes.\n\nOn 3 Feb 2025, at 10:12, Ann <ann@far.example> wrote:\n\nWhere is it?", "Yes.", "On 3 Feb"},
		"signature":               {"Yes.\n\n-- \nBob\nACME", "Yes.", "-- \nBob"},
		"signature and history":   {"Yes.\n-- \nBob\n\nOn 3 Feb 2025 Ann <a@b.example> wrote:" + old, "Yes.", "-- \nBob"},
		"from a telephone":        {"Yes.\n\nSent from my iPhone", "Yes.", "Sent from my iPhone"},
		"from a German telephone": {"Ja.\n\nVon meinem iPhone gesendet\n\nAm 03.02.25 um 10:12 schrieb Ann:" + old, "Ja.", "Von meinem"},
		"answered below":          {"On 3 Feb 2025 Ann <a@b.example> wrote:" + old + "\n\nIt left today.", "It left today.", "On 3 Feb"},
		"answered in between":     {"> Where is it?\n\nOn its way.\n\n> When?\n\nToday.", "> Where is it?\n\nOn its way.\n\n> When?\n\nToday.", ""},
		"between, then history":   {"> Where?\nOn its way.\n\n> When?\nToday.\n> rest\n> rest", "> Where?\nOn its way.\n\n> When?\nToday.", "> rest"},
		"forwarded":               {"---------- Forwarded message ---------\nFrom: Ann\nDate: Monday\nTo: Bob\nSubject: x\n\nWhere is it?", "---------- Forwarded message ---------\nFrom: Ann\nDate: Monday\nTo: Bob\nSubject: x\n\nWhere is it?", ""},
		"nothing but history":     {"> Where is it?", "> Where is it?", ""},
		"a sentence that wrote":   {"On Monday my sister wrote:\nnothing at all, and that is why I ask.", "On Monday my sister wrote:\nnothing at all, and that is why I ask.", ""},
		"a list with From":        {"From: Zurich\nMy parcel is late.", "From: Zurich\nMy parcel is late.", ""},
		"a > in the text":         {"if a\n> b then stop", "if a", "> b then stop"},
	} {
		t.Run(name, func(t *testing.T) {
			text, quoted, _ := split(x.in)
			if text != x.text || !strings.HasPrefix(quoted, x.quoted) || x.quoted == "" && quoted != "" {
				t.Errorf("split gives\n%q\n%q; want\n%q\n%q …", text, quoted, x.text, x.quoted)
			}
		})
	}
}

func TestAMailInWhichNothingIsNewIsBare(t *testing.T) {
	old := "On Mon, 3 Feb 2025 at 10:12, Ann <ann@far.example> wrote:\n> Where is it?\n> Ann"
	for name, x := range map[string]struct {
		in   string
		bare bool
	}{
		"sent off before anything was typed":   {old, true},
		"with a telephone's signature above":   {"\nSent from my iPhone\n\n" + old, true},
		"with nothing but a signature":         {"-- \nBob\nACME", true},
		"quoted in the way of Outlook":         {"From: Ann <ann@far.example>\nSent: Monday\nTo: Help\nSubject: Parcel\n\nWhere is it?", true},
		"with one word above":                  {"No\n\n" + old, false},
		"with one word below":                  {old + "\n\nNo", false},
		"with an answer between the lines":     {"> Where is it?\n\nOn its way.\n\n> When?\n\nToday.", false},
		"passed on, for the sake of the other": {"---------- Forwarded message ---------\nFrom: Ann\nDate: Monday\n\nWhere is it?", false},
	} {
		if _, _, bare := split(x.in); bare != x.bare {
			t.Errorf("%s: bare is %v", name, bare)
		}
	}
}

func TestSplittingLosesNoWord(t *testing.T) {
	line := rapid.SampledFrom([]string{"hello", "", "> quoted", ">> twice", "-- ", "--", "On 3 Feb 2025 Ann <a@b.example> wrote:", "From: Ann",
		"Sent: today", "To: Bob", "Subject: x", "-----Original Message-----", "Sent from my iPhone", "________________________", "  ",
		"Begin forwarded message:", "Am 03.02.25 schrieb Ann:"})
	rapid.Check(t, func(r *rapid.T) {
		in := strings.Join(rapid.SliceOfN(line, 0, 30).Draw(r, "lines"), "\n")
		text, quoted, _ := split(in)
		count := func(s string) map[string]int {
			n := map[string]int{}
			for _, w := range strings.Fields(s) {
				n[w]++
			}
			return n
		}
		got := count(text + "\n" + quoted)
		for w, n := range count(in) {
			if got[w] != n {
				r.Fatalf("%q is there %d times instead of %d in\n%q\n%q", w, got[w], n, text, quoted)
			}
		}
		if strings.TrimSpace(in) != "" && text == "" {
			r.Fatal("nothing is left to read")
		}
	})
}

func TestWhatHTMLSays(t *testing.T) {
	for name, x := range map[string]struct{ in, want string }{
		"a head without an end":                    {`<html><head><meta charset="utf-8"><title>Mail</title><style>p{}</style><body><p>My parcel is lost`, "My parcel is lost"},
		"a head without an end, and no body":       {`<head><base href="x"><div>My parcel is lost</div>`, "My parcel is lost"},
		"a head with what no HTML has":             {`<head><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml></head><p>Hello`, "Hello"},
		"a hidden paragraph without an end":        {`Dear all<p style="display:none">Preheader<p>Hello`, "Dear all\n\nHello"},
		"ended by a table":                         {`Dear all<p hidden>Preheader<table><tr><td>Hello</table>`, "Dear all\n\nHello"},
		"ended with what it stands in":             {`<div>Dear all<p hidden>Preheader</div>Hello`, "Dear all\nHello"},
		"a hidden point without an end":            {`<ul><li>one<li hidden>two<ul><li>too</ul><li>three</ul>four`, "- one\n- three\n\nfour"},
		"the last of the points":                   {`<ul><li>one<li hidden>two</ul>four`, "- one\n\nfour"},
		"a hidden cell without an end":             {`<table><tr><td hidden>one<td>two<tr><td hidden>three<tr><td>four</table>`, "two\nfour"},
		"a hidden cell with a table in it":         {`<table><tr><td hidden>one<table><tr><td>two<td>three</table>four</td><td>five</td></tr></table>`, "five"},
		"a hidden row with a table in it":          {`<table><tr hidden><td><table><tr><td>one<tr><td>two</table><tr><td>three</table>`, "three"},
		"a hidden part with others of its kind":    {`<div hidden>one<div>two</div>three</div>four`, "four"},
		"a hidden paragraph with an end":           {`<p hidden>one <b>two</b> three</p><p>four</p>`, "four"},
		"nothing but what is hidden is shown then": {`<div hidden>one</div>`, "one"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plain(x.in); got != x.want {
				t.Errorf("plain = %q; want %q", got, x.want)
			}
		})
	}
}

func TestEndsThatHTMLLetsBeLeftOutMakeNoOdds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := 0
		var write func(depth int) (whole, short string)
		write = func(depth int) (whole, short string) {
			element := func(name string) {
				open := "<" + name
				if rapid.IntRange(0, 2).Draw(r, "hidden") == 0 {
					open += ` style="display: none"`
				}
				n++
				w := fmt.Sprint("word", n)
				inner, less := "", ""
				if depth > 0 && name != "p" && rapid.Bool().Draw(r, "deeper") {
					inner, less = write(depth - 1)
				}
				whole += open + ">" + w + inner + "</" + name + ">"
				short += open + ">" + w + less
				if rapid.Bool().Draw(r, "end") {
					short += "</" + name + ">"
				}
			}
			both := func(s string) { whole, short = whole+s, short+s }
			kind := rapid.SampledFrom([]string{"p", "li", "td"}).Draw(r, "kind")
			both(map[string]string{"p": "<div>", "li": "<ul>", "td": "<table><tr>"}[kind])
			for range rapid.IntRange(1, 3).Draw(r, "many") {
				element(kind)
			}
			both(map[string]string{"p": "</div>", "li": "</ul>", "td": "</tr></table>"}[kind])
			return whole, short
		}
		whole, short := write(2)
		if a, b := plain("seen "+whole+" end"), plain("seen "+short+" end"); !slices.Equal(strings.Fields(a), strings.Fields(b)) {
			r.Fatalf("%s\nsays %q, and\n%s\nsays %q", whole, a, short, b)
		}
	})
}

func TestSplittingIsQuickWhateverComes(t *testing.T) {
	for name, in := range map[string]string{
		"a wrote: a line":     strings.Repeat("On 1 a@b wrote:\n", 20_000) + "> x",
		"empty lines":         "> a\n" + strings.Repeat("\n", 40_000) + "> b",
		"headers":             strings.Repeat("From: a\n", 40_000),
		"one line":            strings.Repeat("On 1 ", 80_000),
		"marks":               strings.Repeat(">", 400_000),
		"dashes":              strings.Repeat("-", 400_000),
		"signatures":          strings.Repeat("-- \n", 80_000),
		"Sent from, for ever": strings.Repeat("Sent from my ", 30_000),
	} {
		start := time.Now()
		split(in)
		plain("<p>" + in + "<div><table>" + strings.Repeat("<blockquote>", 10_000))
		if d := time.Since(start); d > time.Minute { // it takes hundredths of a second; a square would take hours
			t.Errorf("%s took %v", name, d)
		}
	}
}
