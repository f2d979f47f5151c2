import Glibc
import JSONText
import WeightFiles

extension Vocabulary {
    /// Reads BOS, end of sequence and chat template from `tokenizer_config.json` and `chat_template.jinja` beside a `tokenizer.json`,
    /// and from its post-processor what they leave open.
    mutating func readSettings(beside file: JSONFile, tokens texts: [String]) throws(TokenizerError) {
        let folder = Self.folder(of: file.path)
        func token(_ text: String?) -> UInt32? {
            text.flatMap { texts.lastIndex(of: $0) }.map { UInt32(truncatingIfNeeded: $0) }
        }
        let settings = try Self.settings(beside: file.path)
        if let settings {
            bosToken = token(Self.text(settings["bos_token"]))
            endOfSequence = token(Self.text(settings["eos_token"]))
            addsBOS = settings["add_bos_token"]?.boolean
            chatTemplate = Self.template(settings["chat_template"])
        }
        if chatTemplate == nil, access(folder + "chat_template.jinja", F_OK) == 0 {
            chatTemplate = try Self.contents(of: folder + "chat_template.jinja")
        }
        if let around = PostProcessor(file.root["post_processor"]) {
            opening = try around.before.map { name throws(TokenizerError) in try Self.known(token(name), name, file) }
            closing = try around.after.map { name throws(TokenizerError) in try Self.known(token(name), name, file) }
        }
        if addsBOS == nil, file.root["post_processor"]?["type"] != nil { addsBOS = opening?.isEmpty == false }
        if bosToken == nil { bosToken = opening?.first }
        if settings?["add_bos_token"]?.boolean == false { opening = [] }
        if closing == nil, settings?["add_eos_token"]?.boolean == true { closing = endOfSequence.map { [$0] } }
    }

    private static func known(
        _ token: UInt32?, _ name: String, _ file: JSONFile
    ) throws(TokenizerError) -> UInt32 {
        guard let token else { throw file.failure("post_processor", name, "tokens of the vocabulary") }
        return token
    }

    /// The folder that a file is in, with the slash.
    private static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }

    /// The contents of `tokenizer_config.json` beside a file; `nil` if there is none.
    static func settings(beside path: String) throws(TokenizerError) -> JSONValue? {
        let path = folder(of: path) + "tokenizer_config.json"
        return access(path, F_OK) == 0 ? try JSONFile(path: path).root : nil
    }

    /// A token's text, which is given by itself or in an object.
    private static func text(_ value: JSONValue?) -> String? { value?.string ?? value?["content"]?.string }

    /// The template, or the one named `default` if there are several.
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
}
