import JSONText
import LatentSheets
import Store

/// What a page offers to change, with a field for the token that this takes.
///
/// It is hidden without a script, which sends the requests; the token stays in the tab.
enum ChangesMarkup {
    /// The part of a page that holds what it offers.
    static func section(@MarkupBuilder _ content: () -> Markup) -> Markup {
        Markup.element("details", ["class": "changes", "id": "changes", "hidden": ""]) {
            Markup.element("summary") { "Change something" }
            Markup.element("p") {
                Markup.element("label") {
                    "Token (http.write_token; kept in this tab only) "
                    Markup.element("input", ["type": "password", "name": "token", "autocomplete": "off"])
                }
            }
            content()
            Markup.element("p", ["role": "status", "aria-live": "polite", "data-answer": ""])
        }
    }

    /// What can be changed about a latent.
    static func of(_ sheet: LatentSheet) -> Markup {
        let coder: JSONValue.Member = ("coder", .string(sheet.coder.name))
        let latent: JSONValue.Member = ("latent", .integer(sheet.latent))
        let several = JSONValue.object([coder, ("latents", .array([.integer(sheet.latent)]))]).text
        return section {
            Markup.element("p", ["class": "buttons"]) {
                button("Explain again", "explain", several)
                button("Score again", "rescore", several)
            }
            sheet.labels.filter { !$0.text.isEmpty }.map { label -> Markup in
                let isPinned = label.pinned == true
                let job: JSONValue.Member = ("job", isPinned ? .null : .string(label.job))
                let node: [JSONValue.Member] = isPinned ? [("node", .string(label.node))] : []
                return Markup.element("p", ["class": "buttons"]) {
                    button(isPinned ? "Unpin" : "Pin", "pin", JSONValue.object([coder, latent, job] + node).text)
                    " \(label.node): \(label.text)"
                }
            }
            Markup.element(
                "form", ["data-post": "/api/v1/label", "data-body": JSONValue.object([coder, latent]).text]
            ) {
                Markup.element(
                    "input",
                    [
                        "name": "text", "required": "", "maxlength": "\(LatentWish.longestLabel)",
                        "aria-label": "Your own explanation", "placeholder": "What it responds to, in your words",
                    ])
                Markup.element("button") { "Give this label" }
            }
        }
    }

    /// A button that has something done.
    ///
    /// - Parameter body: The body of the request, JSON.
    static func button(_ text: String, _ action: String, _ body: String) -> Markup {
        Markup.element(
            "button", ["type": "button", "data-post": "/api/v1/\(action)", "data-body": body]
        ) { text }
    }
}
