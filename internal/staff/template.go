package staff

import "time"

// Template is a way to divide the work, to start from in the first-run wizard. Exactly one department is the operator's.
type Template struct {
	Key         string
	Title       string
	Summary     string
	Departments []Department
}

// Templates returns the templates, the most usual first. Each call makes them anew.
func Templates() []Template {
	return []Template{
		{"split", "Departments answer for themselves",
			"Service, PR, sales, people and accounts each answer what is theirs. Right for most companies.",
			[]Department{operator(), service(), press(), marketing(), sales(), product(), people(), finance()}},
		{"hub", "A hub that asks the departments",
			"One social media team answers nearly everything and puts through what only a department can know.",
			[]Department{hub(), press(), sales(), people(), finance()}},
		{"central", "One central team",
			"A single team answers everything. Right for a small company, or to begin with.",
			[]Department{central()}},
		{"everyone", "Everyone answers",
			"No fixed split: whoever knows best answers, found by their skills; the switchboard has what nobody took.",
			[]Department{operator(), everyone()}},
	}
}

// Intents are what a message can be about, as triage names them; a department answers some.
const (
	support     = "support"
	complaint   = "complaint"
	salesIntent = "sales"
	feedback    = "feedback"
	praise      = "praise"
	pressIntent = "press"
	partnership = "partnership"
	careers     = "careers"
	billing     = "billing"
	procedure   = "procedure"
	community   = "community"
	abuse       = "abuse"
	other       = "other"
)

// quick, steady and slow are targets to start from, in business time.
var (
	quick  = Targets{FirstResponse: time.Hour, NextResponse: 2 * time.Hour, Resolution: 16 * time.Hour}
	steady = Targets{FirstResponse: 2 * time.Hour, NextResponse: 4 * time.Hour, Resolution: 24 * time.Hour}
	slow   = Targets{FirstResponse: 4 * time.Hour, NextResponse: 8 * time.Hour, Resolution: 40 * time.Hour}
)

func queue(name, summary string, t Targets, intents, phrases []string) Department {
	return Department{Name: name, Summary: summary, Targets: t, TakeBack: 30 * time.Minute, MoveOn: usualMoveOn, Intents: intents, Phrases: phrases}
}

func operator() Department {
	d := queue("Switchboard", "Has what fits nobody yet, and puts it through.",
		Targets{FirstResponse: 30 * time.Minute, NextResponse: 2 * time.Hour, Resolution: 16 * time.Hour},
		[]string{other, community, abuse},
		[]string{"who do I talk to", "can somebody help me", "I don't know who to ask", "is anyone there", "general question", "wrong number"})
	d.Operator, d.TakeBack, d.MoveOn = true, 15*time.Minute, 15*time.Minute
	return d
}

func service() Department {
	return queue("Customer service", "Orders, deliveries, faults, returns: people who have bought something.", quick,
		[]string{support, complaint, procedure},
		[]string{"where is my order", "my parcel has not arrived", "it stopped working", "I can't log in", "reset my password", "how do I return this",
			"the app crashes", "it arrived broken", "I want to complain", "still waiting for an answer", "cancel my order", "change my address",
			"how do I set it up", "error message", "spare part", "warranty", "opening hours", "it does not fit"})
}

func press() Department {
	return queue("Press and PR", "Journalists, statements, anything that could be in the paper tomorrow.",
		Targets{FirstResponse: 30 * time.Minute, NextResponse: time.Hour, Resolution: 8 * time.Hour},
		[]string{pressIntent, abuse},
		[]string{"I am a journalist", "request for comment", "interview with your CEO", "press release", "deadline today", "on the record",
			"we are writing a story about", "statement on", "spokesperson", "media enquiry", "press photo", "boycott", "lawsuit", "leak"})
}

func marketing() Department {
	return queue("Marketing", "Campaigns, competitions, praise, partners and influencers.", steady,
		[]string{praise, community, partnership, feedback},
		[]string{"love your new campaign", "competition", "prize draw", "collaboration", "I am a creator with followers", "sponsorship", "newsletter",
			"discount code", "great advert", "ambassador", "event", "sample", "feature us", "best brand ever"})
}

func sales() Department {
	return queue("Sales", "Prices, offers, availability: people who may buy.", quick,
		[]string{salesIntent, partnership},
		[]string{"how much does it cost", "do you have it in stock", "can I get a quote", "do you deliver to", "I would like to order fifty", "book a demo",
			"which plan is right for us", "bulk discount", "reseller", "trial", "compare with", "is it available in blue", "when will it be back"})
}

func product() Department {
	return queue("Product", "Ideas, wishes and faults in what we make.", slow,
		[]string{feedback},
		[]string{"it would be great if", "feature request", "please add", "I miss a way to", "the new version is worse", "suggestion", "found a bug",
			"dark mode", "roadmap", "beta", "usability", "why did you remove"})
}

func people() Department {
	return queue("People and careers", "Applications, working here, former colleagues.", slow,
		[]string{careers},
		[]string{"are you hiring", "job opening", "I have applied", "internship", "my CV", "apprenticeship", "what is it like to work there",
			"interview date", "salary range", "working student", "remote position", "recruiter"})
}

func finance() Department {
	return queue("Accounts", "Invoices, payments, refunds, VAT.", steady,
		[]string{billing},
		[]string{"my invoice is wrong", "charged twice", "when do I get my refund", "VAT number", "payment failed", "direct debit", "credit note",
			"bank details", "receipt", "overdue", "change billing address", "purchase order", "dunning letter"})
}

func hub() Department {
	d := queue("Social media team", "Answers nearly everything, and asks the departments.", quick,
		[]string{support, complaint, feedback, praise, procedure, community, abuse, partnership, other},
		append(service().Phrases, marketing().Phrases...))
	d.Operator = true
	return d
}

func central() Department {
	d := hub()
	d.Name, d.Summary = "Front desk", "Answers everything."
	d.Intents = []string{support, complaint, salesIntent, feedback, praise, pressIntent, partnership, careers, billing, procedure, community, abuse, other}
	for _, o := range []Department{press(), sales(), product(), people(), finance()} {
		d.Phrases = append(d.Phrases, o.Phrases...)
	}
	return d
}

func everyone() Department {
	d := central()
	d.Operator = false
	d.Name, d.Summary = "Everyone", "Whoever knows best answers."
	return d
}
