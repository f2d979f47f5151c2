/// What the heading of a page offers for the page itself: its address to be copied, and the same as JSON.
struct PageTools {
    /// Where the page's values are as JSON.
    let json: String
    /// Whether the command that asks for them is offered as well.
    var offersCommand = false

    /// The tools, at the end of the heading.
    var markup: Markup {
        Markup.element("span", ["class": "tools"]) {
            Markup.element("button", ["type": "button", "data-copy": "link", "hidden": ""]) { "Copy link" }
            Markup.element("a", ["href": json]) { "JSON" }
            if offersCommand {
                Markup.element("button", ["type": "button", "data-copy": "curl", "data-path": json, "hidden": ""]) {
                    "Copy curl"
                }
            }
        }
    }
}
