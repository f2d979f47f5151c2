import Elements
import LatentSheets
import Store
import Testing

@testable import gloss

@Suite struct TopStateTests {
    private let shown = TopState.Shown(
        nodes: ["corpus", "tokens", "codes"],
        latents: (0..<30).map { LatentKey(coder: "codes", latent: $0) }, page: 10, lines: 40)

    private func pressed(_ keys: Key...) -> (TopState, [TopState.Action]) {
        var state = TopState(every: 2)
        let actions = keys.compactMap { state.press($0, shown) }
        return (state, actions)
    }

    @Test func latentsThatNeedAttentionComeFirstAtTheStart() {
        let (state, actions) = pressed()
        #expect(state.query.order == .attention && state.view == .tables && state.pane == .latents && actions.isEmpty)
    }

    @Test func qLeavesTopOnlyFromItsTables() {
        #expect(pressed(.character("q")).1 == [.quit])
        let (state, actions) = pressed(.character("?"), .character("q"))
        #expect(state.view == .tables && actions.isEmpty)
        #expect(pressed(.character("e"), .escape).0.view == .tables)
        #expect(pressed(.escape).1.isEmpty)
    }

    @Test func wordsAreTypedAndLookedForWithEnter() {
        let (state, actions) = pressed(
            .character("/"), .character("q"), .character("x"), .backspace, .character("?"), .enter)
        #expect(state.query.words == "q?" && state.typed == nil && actions == [.read])
        let (left, none) = pressed(.character("/"), .character("a"), .escape)
        #expect(left.query.words.isEmpty && left.typed == nil && none.isEmpty)
        let (cleared, read) = pressed(.character("/"), .character("a"), .enter, .escape)
        #expect(cleared.query.words.isEmpty && read == [.read, .read])
    }

    @Test func sGoesThroughTheOrdersAndRTurnsThemRound() {
        let (state, actions) = pressed(.character("s"), .character("r"))
        #expect(state.query.order == .score && state.query.isDescending && actions == [.read, .read])
        let (again, _) = pressed(
            .character("s"), .character("s"), .character("s"), .character("s"), .character("s"))
        #expect(again.query.order == .attention)
    }

    @Test func theChoiceStaysAmongWhatThereIs() {
        #expect(pressed(.up).0.latent == 0)
        #expect(pressed(.down, .character("j"), .pageDown).0.latent == 12)
        #expect(pressed(.end).0.latent == 29 && pressed(.end, .down).0.latent == 29)
        #expect(pressed(.end, .home).0.latent == 0)
        #expect(pressed(.tab, .end).0.node == 2)
        var (state, _) = pressed(.end)
        state.settle(TopState.Shown(nodes: [], latents: [LatentKey(coder: "codes", latent: 1)], page: 1))
        #expect(state.latent == 0 && state.node == 0)
    }

    @Test func enterOpensWhatIsChosen() {
        let (state, actions) = pressed(.down, .enter)
        let key = LatentKey(coder: "codes", latent: 1)
        #expect(state.view == .latent(key) && actions == [.open(key)])
        let (node, none) = pressed(.tab, .down, .enter)
        #expect(node.view == .node("tokens") && none.isEmpty)
        var empty = TopState(every: 2)
        #expect(empty.press(.enter, TopState.Shown()) == nil && empty.view == .tables)
    }

    @Test func tFollowsWhatIsChosenAndQLeadsBack() {
        let key = LatentKey(coder: "codes", latent: 1)
        let (state, actions) = pressed(.down, .character("t"))
        #expect(state.view == .tail(.latent(key)) && actions == [.follow(.latent(key))])
        #expect(pressed(.tab, .down, .character("t")).1 == [.follow(.node("tokens"))])
        #expect(pressed(.down, .enter, .character("t")).1 == [.open(key), .follow(.latent(key))])
        let (back, again) = pressed(.down, .character("t"), .character("t"), .character("q"))
        #expect(back.view == .tables && again == [.follow(.latent(key))])
        #expect(pressed(.character("?"), .character("t")).1.isEmpty)
        var empty = TopState(every: 2)
        #expect(empty.press(.character("t"), TopState.Shown()) == nil && empty.view == .tables)
    }

    @Test func whatIsFollowedIsReadFromItsEnd() {
        #expect(pressed(.character("t")).0.scroll == 0)
        #expect(pressed(.character("t"), .up, .up, .down).0.scroll == 1)
        #expect(pressed(.character("t"), .down).0.scroll == 0)
        #expect(pressed(.character("t"), .home).0.scroll == 39 && pressed(.character("t"), .home, .end).0.scroll == 0)
    }

    @Test func jobsAreTriedAgainOnlyAfterAYes() {
        let key = LatentKey(coder: "codes", latent: 0)
        let (asked, none) = pressed(.character("R"))
        #expect(asked.retries == .latent(key) && none.isEmpty)
        #expect(pressed(.character("R"), .character("y")).1 == [.retry(.latent(key))])
        #expect(pressed(.tab, .character("R"), .character("y")).1 == [.retry(.node("corpus"))])
        for other in [Key.character("n"), .escape, .enter, .character("q"), .character("R")] {
            let (state, actions) = pressed(.character("R"), other)
            #expect(actions.isEmpty && state.retries == nil && state.view == .tables)
        }
        #expect(pressed(.character("e"), .character("R")).0.retries == nil)
    }

    @Test func aPageIsScrolledAndTheNextBeginsAtItsTop() {
        let (state, _) = pressed(.character("?"), .down, .pageDown)
        #expect(state.scroll == 11)
        #expect(pressed(.character("?"), .down, .escape, .character("e")).0.scroll == 0)
        #expect(pressed(.character("?"), .end, .down).0.scroll == 39)
    }

    @Test func readingsComeOftenerMoreSeldomOrNotAtAll() {
        #expect(pressed(.character("+")).0.every == 1 && pressed(.character("-")).0.every == 4)
        var state = TopState(every: 0.5)
        _ = state.press(.character("+"), shown)
        #expect(state.every == 0.5)
        #expect(pressed(.character("u")).0.isPaused && !pressed(.character("u"), .character("u")).0.isPaused)
    }
}
