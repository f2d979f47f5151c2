import Inference
import Testing

@Suite struct PromptTests {
    @Test func sharedMessagesAreClampedToWhatThereIs() {
        let messages: [ChatMessage] = [.system("a"), .user("b")]
        #expect(Prompt(messages: messages, sharedMessages: 9).sharedMessages == 2)
        #expect(Prompt(messages: messages, sharedMessages: -1).sharedMessages == 0)
    }

    @Test func labelsNeverHoldValuesAndOnlyPassingTroubleIsRetriable() {
        let retriable: Set<InferenceError.Kind> = [
            .unreachable, .timedOut, .rateLimited, .serverFailure, .unavailable, .garbled,
        ]
        for kind in InferenceError.Kind.allCases {
            let error = InferenceError(kind, "secret value 42")
            #expect(!error.shortDescription.contains("secret"))
            #expect(error.description.contains("secret value 42"))
            #expect(error.isRetriable == retriable.contains(kind))
        }
    }
}
