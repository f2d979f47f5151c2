import Inference
import Testing

@Suite struct PromptTests {
    @Test func sharedMessagesAreClampedToWhatThereIs() {
        let messages: [ChatMessage] = [.system("a"), .user("b")]
        #expect(Prompt(messages: messages, sharedMessages: 9).sharedMessages == 2)
        #expect(Prompt(messages: messages, sharedMessages: -1).sharedMessages == 0)
    }

    @Test func theCacheKeyIsThatOfWhatIsShared() {
        func key(_ shared: [ChatMessage], _ last: String) -> String? {
            Prompt(messages: shared + [.user(last)], sharedMessages: shared.count).cacheKey
        }
        let rules: [ChatMessage] = [.system("rules"), .user("case"), .assistant("1")]
        #expect(key(rules, "a") == key(rules, "b") && key(rules, "a")?.utf8.count == 38)
        #expect(key(rules, "a") != key([.system("rules"), .user("case"), .assistant("0")], "a"))
        #expect(key([], "a") == nil)
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
