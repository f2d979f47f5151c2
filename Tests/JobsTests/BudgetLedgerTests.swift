import Hashing
import Inference
import Observability
import StateFixtures
import StateNotes
import Store
import Synchronization
import Testing
import Topology

@testable import Jobs

@Suite struct BudgetLedgerTests {
    private let prices = TokenPrices(input: 2, output: 10, cached: 0.5)

    private func charge(_ book: BudgetLedger, _ model: String = "judge", priced: Bool = true) {
        book.charge(model, prices: priced ? prices : nil, tokensIn: 1000, tokensOut: 100, tokensCached: 600)
    }

    @Test func costsAreThoseOfThePrices() throws {
        let book = BudgetLedger(budget: nil)
        charge(book)
        charge(book)
        charge(book, "free", priced: false)
        let judge = try #require(book.models["judge"])
        #expect(judge.calls == 2 && judge.tokensIn == 2000 && judge.tokensOut == 200 && judge.tokensCached == 1200)
        // 400 at 2, 600 at 0.5 and 100 at 10 a million, twice.
        #expect(abs((judge.cost ?? 0) - 2 * 2.1e-3) < 1e-12)
        #expect(book.models["free"]?.cost == nil)
        #expect(!book.isSpent)
    }

    @Test func aBudgetThatIsChangedCountsWhatWasSpentBefore() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let book = BudgetLedger(budget: Budget(tokens: 1000, cost: nil))
        charge(book)
        #expect(book.isSpent)
        try book.save(to: store)
        #expect(try BudgetNote.isSpent.read(in: store) == true)
        book.change(to: Budget(tokens: 2200, cost: nil))
        #expect(!book.isSpent && book.used == 0.5)
        try book.save(to: store)
        #expect(try BudgetNote.isSpent.read(in: store) == false)
        book.change(to: Budget(tokens: 1100, cost: nil))
        #expect(book.isSpent)
        book.change(to: nil)
        #expect(!book.isSpent && book.used == nil)
        try store.close()
    }

    @Test(arguments: [0, 0.25, 0.5, 1], [false, true])
    func whatIsPaidAndWhatIsSavedAreTogetherThePriceWithoutCacheAndBatch(discount: Double, isBatched: Bool) throws {
        let prices = TokenPrices(input: 2, output: 10, cached: 0.5, batchDiscount: discount)
        let book = BudgetLedger(budget: nil)
        for _ in 0..<2 {
            book.charge(
                "judge", prices: prices, tokensIn: 1000, tokensOut: 100, tokensCached: 600, isBatched: isBatched)
        }
        let spend = try #require(book.models["judge"])
        // 1,000 at 2 and 100 at 10 a million, twice; 600 of the tokens cost 0.5 in place of 2.
        let (whole, cache, rest) = (6e-3, 1.8e-3, 4.2e-3)
        let saved = isBatched ? rest * discount : 0
        #expect(abs((spend.savedByCache ?? 0) - cache) < 1e-12 && abs((spend.savedByBatches ?? 0) - saved) < 1e-12)
        #expect(abs((spend.cost ?? 0) + cache + saved - whole) < 1e-12)
        #expect(spend.tokensBatched == (isBatched ? 2200 : nil) && (spend.savedByBatches == nil) == (saved == 0))
    }

    @Test func theNoteOfAnEarlierVersionIsRead() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try store.setMeta("spend", #"{"judge":{"calls":2,"cost":0.5,"tokensCached":10,"tokensIn":80,"tokensOut":4}}"#)
        let spend = try #require(try ModelSpend.note.read(in: store)?["judge"])
        #expect(spend == ModelSpend(calls: 2, tokensIn: 80, tokensOut: 4, tokensCached: 10, cost: 0.5))
    }

    @Test(arguments: [
        (Budget(tokens: 2200, cost: nil), 2), (Budget(tokens: 2201, cost: nil), 3),
        (Budget(tokens: nil, cost: 2.1e-3), 1),
        (Budget(tokens: nil, cost: 2.2e-3), 2), (Budget(tokens: 1, cost: 100), 1), (Budget(tokens: 0, cost: nil), 0),
    ]) func isSpentOnceALimitIsReached(budget: Budget, calls: Int) {
        let book = BudgetLedger(budget: budget)
        for _ in 0..<calls {
            #expect(!book.isSpent)
            charge(book)
        }
        #expect(book.isSpent)
    }

    @Test func whatWasSpentOutlivesTheProcessAndALargerBudgetGoesOn() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let book = BudgetLedger(budget: Budget(tokens: 1100, cost: nil))
        charge(book)
        try book.save(to: store)
        #expect(try ModelSpend.note.read(in: Store.reader(directory: directory.state)) == book.models)
        let again = BudgetLedger(budget: Budget(tokens: 1100, cost: nil))
        try again.resume(from: store)
        #expect(again.isSpent && again.models == book.models)
        let larger = BudgetLedger(budget: Budget(tokens: 1101, cost: nil))
        try larger.resume(from: store)
        #expect(!larger.isSpent)
        charge(larger)
        try larger.save(to: store)
        #expect(larger.isSpent)
        let stored = try ModelSpend.note.read(in: Store.reader(directory: directory.state))
        #expect(stored?["judge"]?.calls == 2)
    }

    /// A judge that says how often it was asked, and fails every second time with an answer of no use.
    private final class Counted: LanguageModelClient {
        let name = "counted"
        let digest = Fixture.hash(1)
        let offersLogProbabilities = false
        let calls = Mutex(0)

        func complete(_ prompt: Prompt, maximumTokens: Int) async throws(InferenceError) -> Completion {
            let call = calls.withLock { calls -> Int in
                calls += 1
                return calls
            }
            if call % 2 == 0 { throw InferenceError(.badAnswer, "?", tokensIn: 40, tokensOut: 2) }
            return Completion(text: "x", tokensIn: 40, tokensOut: 2, tokensCached: 10)
        }

        func logProbabilities(of answers: [String], after prompt: Prompt) async throws(InferenceError)
            -> AnswerLogProbabilities
        {
            throw InferenceError(.unsupported, "no")
        }
    }

    @Test func failedAnswersCountAndNobodyIsAskedOnceTheBudgetIsSpent() async throws {
        let book = BudgetLedger(budget: Budget(tokens: 84, cost: nil))
        let counted = Counted()
        let metrics = RunMetrics(progress: RunProgress(), version: "1", topology: "t", digest: "d")
        let judge = MeteredModel(
            judge: counted, label: "counted", metrics: metrics,
            account: ModelAccount(model: "judge", prices: nil, book: book))
        let prompt = Prompt(messages: [.user("?")])
        var kinds: [InferenceError.Kind?] = []
        for _ in 0..<4 {
            do {
                _ = try await judge.complete(prompt, maximumTokens: 4)
                kinds.append(nil)
            } catch {
                kinds.append(error.kind)
            }
        }
        #expect(kinds == [nil, .badAnswer, .budgetSpent, .budgetSpent])
        #expect(counted.calls.withLock { $0 } == 2 && judge.hasSpentBudget)
        #expect(book.models["judge"] == ModelSpend(calls: 2, tokensIn: 80, tokensOut: 4, tokensCached: 10))
        #expect(
            metrics.render(timers: []).contains("gloss_llm_tokens_total{direction=\"cached\",model=\"counted\"} 10\n"))
        // A model in this process costs nothing.
        #expect(!MeteredModel(judge: counted, label: "counted", metrics: metrics).hasSpentBudget)
    }
}
