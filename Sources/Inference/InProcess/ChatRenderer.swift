/// Turns a chat into the token ids of an in-process model.
public struct ChatRenderer: Sendable {
    /// The token ids of a prompt, up to where the model's answer begins (after `answerPrefix`, if given).
    public let render: @Sendable (Prompt) -> [UInt32]
    /// The token ids of an answer.
    public let encode: @Sendable (String) -> [UInt32]
    /// The text of an answer's token ids.
    public let decode: @Sendable ([UInt32]) -> String
    /// Tokens at which an answer ends.
    public let stops: Set<UInt32>
    /// Token ids with which a text that is no chat begins, such as BOS.
    public let start: [UInt32]

    /// Makes a renderer.
    public init(
        render: @escaping @Sendable (Prompt) -> [UInt32], encode: @escaping @Sendable (String) -> [UInt32],
        decode: @escaping @Sendable ([UInt32]) -> String, stops: Set<UInt32>, start: [UInt32] = []
    ) {
        self.render = render
        self.encode = encode
        self.decode = decode
        self.stops = stops
        self.start = start
    }
}
