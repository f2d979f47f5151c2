import Glibc
import WeightFiles

extension Vocabulary {
    /// Reads BOS, end of sequence and chat template from `tokenizer_config.json` and `chat_template.jinja` beside a `tokenizer.json`,
    /// and from its post-processor what they leave open.
    mutating func readSettings(beside file: JSONFile, tokens texts: [String]) throws(TokenizerError) {
        let folder = file.path.lastIndex(of: "/").map { file.path[...$0] } ?? ""
        func token(_ text: String?) -> UInt32? {
            text.flatMap { texts.lastIndex(of: $0) }.map { UInt32(truncatingIfNeeded: $0) }
        }
        if access(folder + "tokenizer_config.json", F_OK) == 0 {
            let settings = try JSONFile(path: folder + "tokenizer_config.json").root
            bosToken = token(Self.text(settings["bos_token"]))
            endOfSequence = token(Self.text(settings["eos_token"]))
            addsBOS = settings["add_bos_token"]?.boolean
            chatTemplate = Self.template(settings["chat_template"])
        }
        if chatTemplate == nil, access(folder + "chat_template.jinja", F_OK) == 0 {
            chatTemplate = try Self.contents(of: folder + "chat_template.jinja")
        }
        let added = Self.firstAdded(by: file.root["post_processor"])
        if addsBOS == nil, file.root["post_processor"] != nil { addsBOS = added != nil }
        if bosToken == nil { bosToken = token(added) }
    }

    /// A token's text, which stands by itself or in an object.
    private static func text(_ value: JSONValue?) -> String? { value?.string ?? value?["content"]?.string }

    /// A template, or of several the one named `default`.
    private static func template(_ value: JSONValue?) -> String? {
        value?.string ?? value?.array?.first { $0["name"]?.string == "default" }?["template"]?.string
    }

    private static func contents(of path: String) throws(TokenizerError) -> String {
        do throws(WeightFileError) {
            return try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw TokenizerError(error)
        }
    }

    /// The control token that a post-processor puts before a single text.
    private static func firstAdded(by processor: JSONValue?) -> String? {
        let parts = processor?["processors"]?.array ?? processor.map { [$0] } ?? []
        let template = parts.first { $0["type"]?.string == "TemplateProcessing" }
        return template?["single"]?.array?.first?["SpecialToken"]?["id"]?.string
    }
}
