/**
 * Names of mailboxes that belong to a function and not to a person. Sources: RFC 2142 (the first line), and the lists of
 * role addresses that Mailjet, GetResponse and Mailing Manager publish and refuse to import, with their German, French,
 * Spanish and Italian counterparts.
 */
const NAMES = `
  info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp
  admin administrator root sysadmin webadmin it helpdesk help tech technical service services customerservice
  customercare customersupport care success hello hi welcome contact contactus office mail mailbox email inbox post
  enquiries enquiry inquiries inquiry general reception frontdesk team staff all everyone company group
  billing accounts accounting accountspayable accountsreceivable finance invoice invoices payments payroll purchasing
  procurement orders order shipping logistics returns warehouse shop store reservations reservation booking bookings
  hr jobs job careers career recruiting recruitment recruiter talent people
  press media pr communications editor newsletter subscribe unsubscribe list lists events event partners partner
  partnerships suppliers vendors legal compliance privacy dpo gdpr dataprotection
  feedback complaints quality noreply donotreply nobody bounce bounces mailerdaemon notification notifications notify
  alerts alert devnull spam spamtrap phishing operations ops devops dev developers engineering product research
  kontakt buero vertrieb verkauf einkauf buchhaltung rechnung rechnungen bewerbung bewerbungen personal verwaltung
  sekretariat zentrale empfang poststelle presse datenschutz bestellung bestellungen kundenservice
  accueil bonjour commercial comptabilite facturation ventes recrutement secretariat
  contacto hola ventas ayuda administracion facturacion compras contabilidad rrhh
  contatti ciao vendite amministrazione fatturazione acquisti segreteria
`;

const ROLES: ReadonlySet<string> = new Set(NAMES.split(/\s+/).filter((name) => name !== ""));

/**
 * Whether an address belongs to a function, such as `info@` or `sales+berlin@`, and not to a person.
 * @param address in the form of `normalEmail`
 */
export function isRoleMailbox(address: string): boolean {
  const name = address.slice(0, address.lastIndexOf("@"));
  // "no-reply", "customer.service" and "sales+berlin" are the same names in other spellings.
  return ROLES.has(name.replace(/\+.*$/s, "").replace(/[-._]/g, ""));
}
