import Elements
import Hashing
import Testing

@Suite struct JobRecipeTests {
    private let recipe = JobRecipe(
        work: "score/detection", node: "detected",
        coder: CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 4096, digest: Hash128(high: 1, low: 2)),
        latent: 17,
        windows: [
            ShownWindow(tokens: [5, 6, 70_000], levels: [2, 3]), ShownWindow(tokens: [9]),
        ],
        promptVersion: "judge-1", model: Hash128(high: 3, low: 4), settings: ["rule": "é", "form": "list"], seed: 7)

    @Test func theNameIsThatOfTheDocumentedBytes() {
        // From a SipHash-128 written in Python and fed the fields in the documented order.
        #expect(recipe.id.description == "abf7fa39f6551926e7610f0db27487d0")
    }

    @Test func everyFieldChangesTheName() {
        var others: [JobRecipe] = []
        func vary(_ change: (inout JobRecipe) -> Void) {
            var other = recipe
            change(&other)
            others.append(other)
        }
        vary { $0.work = "score/fuzzing" }
        vary { $0.node = "other" }
        vary { $0.coder = CoderIdentity(name: "c", hookpoint: "layers.10", latents: 4096, digest: $0.coder.digest) }
        vary { $0.latent = 18 }
        vary { $0.windows.swapAt(0, 1) }
        vary { $0.windows[0] = ShownWindow(tokens: [5, 6, 70_000], levels: [3, 2]) }
        vary { $0.windows = [ShownWindow(tokens: [5, 6, 70_000, 9], levels: [2, 3])] }
        vary { $0.promptVersion = "judge-2" }
        vary { $0.model = nil }
        vary { $0.model = Hash128(high: 3, low: 5) }
        vary { $0.settings["form"] = "log-probabilities" }
        vary { $0.settings["extra"] = "" }
        vary { $0.seed = 8 }
        #expect(Set(others.map(\.id) + [recipe.id]).count == others.count + 1)
    }
}
