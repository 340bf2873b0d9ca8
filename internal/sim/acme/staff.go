package acme

import (
	"strings"
	"time"

	"switchboard/internal/staff"
)

// queue is a department of ACME. from names the ready-made departments whose phrases it starts with.
type queue struct {
	name, summary string
	from          []string
	intents       string
	phrases       []string
	first, next   time.Duration
}

// queues are ACME's departments beside the operator's, in the order in which their intents count.
var queues = []queue{
	{"Customer service", "Orders, returns, warranty, complaints: people who have bought something.", []string{"service"}, "complaint procedure",
		[]string{"I want to return it", "is this still under warranty", "I have lost the receipt", "nobody answers", "I want my money back"}, time.Hour, 2 * time.Hour},
	{"Repairs and spare parts", "Machines that don't work, error codes, spare parts, technicians.", []string{"technical"}, "support",
		[]string{"it leaks", "error E18", "it won't switch on", "I need a door seal", "which descaler", "spare part", "water all over the kitchen",
			"smoke is coming out of it", "technician", "drain pump", "how do I clean it"}, time.Hour, 2 * time.Hour},
	{"Deliveries", "Parcels, couriers, dates, addresses.", []string{"logistics"}, "",
		[]string{"where is my order", "out for delivery", "nobody came", "tracking number", "change the delivery address", "the parcel was open"}, time.Hour, 2 * time.Hour},
	{"Press and PR", "Journalists, statements, anything that could be in the paper tomorrow.", []string{"press"}, "press",
		[]string{"I am a journalist", "request for comment", "on the record", "deadline", "consumer magazine", "recall"}, 30 * time.Minute, time.Hour},
	{"Marketing", "Campaigns, praise, partners and creators.", []string{"marketing", "partnerships"}, "praise community partnership",
		[]string{"I run a channel", "sponsor", "repair café", "well made", "collaboration"}, 2 * time.Hour, 4 * time.Hour},
	{"Sales", "Prices, offers, availability, hotels and offices.", []string{"sales"}, "sales",
		[]string{"business prices", "quote for forty machines", "reseller", "is it back in stock", "do you have it in white"}, time.Hour, 2 * time.Hour},
	{"Product", "Ideas, wishes and faults in what we make.", []string{"product"}, "feedback",
		[]string{"it would be great if", "please bring back", "a physical off switch", "feature request"}, 4 * time.Hour, 8 * time.Hour},
	{"People and careers", "Applications, working here, apprentices.", []string{"careers"}, "careers",
		[]string{"I have applied", "service technician job", "working student", "internship", "apprenticeship"}, 4 * time.Hour, 8 * time.Hour},
	{"Accounts", "Invoices, payments, refunds, VAT.", []string{"accounts"}, "billing",
		[]string{"charged twice", "wrong company name on the invoice", "when do I get my refund", "VAT number", "payment reminder although paid"}, 2 * time.Hour, 4 * time.Hour},
	{"Legal and data protection", "Privacy, contracts, threats.", []string{"legal", "security"}, "abuse",
		[]string{"GDPR", "which data do you keep about me", "delete my data", "lawyer"}, 4 * time.Hour, 8 * time.Hour},
}

// member is one of ACME's people. Those with hours keep office hours; the others can be met day and night, so that whoever
// opens the demo finds the house at work.
type member struct {
	name       string
	role       staff.Role
	department string
	skills     string
	languages  string
	hours      bool
}

func (m member) email() string {
	first, _, _ := strings.Cut(strings.ToLower(plain.Replace(m.name)), " ")
	return first + "@acme.example"
}

var plain = strings.NewReplacer("ö", "o", "é", "e", "è", "e", "ł", "l", "Ł", "L", "ć", "c")

// operatorQueue is the name of the department that has what fits nobody.
const operatorQueue = "Switchboard"

// members are ACME's people beside Ada, who set the house up.
var members = []member{
	{"Noor Haddad", staff.Manager, operatorQueue, "social media, crisis, approvals", "en de fr", false},
	{"Tom Okafor", staff.Operator, operatorQueue, "", "en", false},
	{"Elin Sjöberg", staff.Operator, operatorQueue, "", "en de nl", false},
	{"Mara Klein", staff.Member, "Customer service", "warranty, returns", "de en", false},
	{"Jonas Weber", staff.Member, "Customer service", "complaints, returns", "de en", false},
	{"Lucia Romano", staff.Member, "Customer service", "returns", "it es en", false},
	{"Pierre Lefèvre", staff.Member, "Customer service", "warranty, complaints", "fr en", false},
	{"Aoife Byrne", staff.Member, "Customer service", "complaints, lost receipts", "en", false},
	{"Bram de Vries", staff.Member, "Customer service", "returns", "nl en de", true},
	{"Stefan Kowalski", staff.Member, "Repairs and spare parts", "washing machines, error codes, pumps", "pl de en", false},
	{"Ines Costa", staff.Member, "Repairs and spare parts", "coffee machines, descaling", "pt es en", false},
	{"Hugo Martin", staff.Member, "Repairs and spare parts", "ovens, electrical safety", "fr en", false},
	{"Greta Lindner", staff.Member, "Repairs and spare parts", "spare parts, robot vacuums, app", "de en", false},
	{"Omar Said", staff.Member, "Deliveries", "couriers, customs", "en fr", false},
	{"Katja Vogel", staff.Member, "Deliveries", "delivery dates", "de en", true},
	{"Helena Novak", staff.Member, "Press and PR", "statements, recalls", "en de pl", false},
	{"Daniel Price", staff.Member, "Press and PR", "interviews, pictures", "en", true},
	{"Yuki Tanaka", staff.Member, "Marketing", "campaigns, creators", "en", false},
	{"Carla Fuentes", staff.Member, "Marketing", "sponsoring, events", "es en", false},
	{"Victor Ilić", staff.Member, "Sales", "hotels, offices, quotes", "en de fr", false},
	{"Sophie Laurent", staff.Member, "Sales", "resellers", "fr en", true},
	{"Rafael Mendes", staff.Contributor, "Product", "app, firmware", "pt en es", false},
	{"Miriam Adler", staff.Member, "People and careers", "applications, apprentices", "de en", false},
	{"Bob Miller", staff.Contributor, "Accounts", "invoices, refunds, VAT", "en", false},
	{"Priya Nair", staff.Member, "Accounts", "payments, reminders", "en", false},
	{"Ruth Stein", staff.Contributor, "Legal and data protection", "GDPR, contracts", "de en", true},
	{"Paolo Greco", staff.Member, "Legal and data protection", "privacy", "it en", false},
	{"Charlotte Reeve", staff.Viewer, "", "", "en", false},
	{"Finn Larsen", staff.Agency, "", "", "en", false},
}
