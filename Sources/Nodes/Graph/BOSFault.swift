import Tokenization
import Topology

/// The reason why it is not known which token the contexts of a model begin with.
struct BOSFault: Error, CustomStringConvertible {
    /// The fault.
    let message: String
    /// The remedy.
    var help: String?

    var description: String { help.map { "\(message): \($0)" } ?? message }

    /// The token that contexts begin with by the rule of a model's entry; `nil` for none.
    static func token(of name: String, file: ModelFile, tokenizer: Tokenizer) throws(BOSFault) -> UInt32? {
        let help = "give `bos:` a token, or `none`"
        switch file.bos {
        case .none: return nil
        case .token(let text):
            guard let token = tokenizer.specialToken(text) else {
                throw BOSFault(message: "model \(name) has no control token `\(text)`")
            }
            return token
        case .auto:
            guard let adds = tokenizer.addsBOS else {
                throw BOSFault(message: "\(file.path) does not say how a context begins", help: help)
            }
            guard adds else { return nil }
            guard let token = tokenizer.bosToken else {
                throw BOSFault(message: "\(file.path) asks for a BOS token but names none", help: help)
            }
            return token
        }
    }
}
