import JSONText

/// The control tokens that the `post_processor` of a `tokenizer.json` puts around a single text.
struct PostProcessor {
    private(set) var before: [String] = []
    private(set) var after: [String] = []

    /// Reads a processor or a sequence of them; `nil` if none puts tokens around a text.
    init?(_ processor: JSONValue?) {
        let parts = processor?["processors"]?.array ?? processor.map { [$0] } ?? []
        for part in parts {
            switch part["type"]?.string {
            case "TemplateProcessing":
                readTemplate(part["single"]?.array ?? [])
                return
            case "BertProcessing", "RobertaProcessing":
                before = [part["cls"]?.array?.first?.string ?? ""]
                after = [part["sep"]?.array?.first?.string ?? ""]
                return
            default: continue
            }
        }
        return nil
    }

    private mutating func readTemplate(_ parts: [JSONValue]) {
        var isBehindText = false
        for part in parts {
            if let name = part["SpecialToken"]?["id"]?.string {
                if isBehindText { after.append(name) } else { before.append(name) }
            } else {
                isBehindText = true
            }
        }
    }
}
