import Synchronization

/// What the subject says after texts that are the same for many latents, so that it is computed once.
///
/// It holds at most `mostBytes`; what does not fit is computed again, the same bits.
final class CleanOutputs: Sendable {
    /// What may be known of a text.
    struct Output: Sendable {
        /// `[vocabulary]`: the logits of the token after it.
        var logits: [Float]?
        /// The likeliest tokens after it.
        var continuation: [UInt32]?

        /// The bytes that it takes with its text.
        func byteCount(of text: [UInt32]) -> Int {
            MemoryLayout<Float>.stride * (logits?.count ?? 0)
                + MemoryLayout<UInt32>.stride * (text.count + (continuation?.count ?? 0))
        }
    }

    private struct State {
        var outputs: [[UInt32]: Output] = [:]
        var bytes = 0
    }

    private let mostBytes: Int
    private let state = Mutex(State())

    init(mostBytes: Int) { self.mostBytes = mostBytes }

    /// What is known of a text.
    subscript(text: [UInt32]) -> Output { state.withLock { $0.outputs[text] ?? Output() } }

    /// Takes down what was found about a text; where there is no room, all others are forgotten.
    func note(_ text: [UInt32], _ change: (inout Output) -> Void) {
        state.withLock { state in
            let held = state.outputs[text]
            var output = held ?? Output()
            change(&output)
            let bytes = output.byteCount(of: text)
            guard bytes <= mostBytes else { return }
            state.bytes += bytes - (held?.byteCount(of: text) ?? 0)
            if state.bytes > mostBytes { (state.outputs, state.bytes) = ([:], bytes) }
            state.outputs[text] = output
        }
    }

    /// The bytes that are held.
    var byteCount: Int { state.withLock { $0.bytes } }
}
