import Dataflow
import Elements
import Observability
import StateFixtures
import Testing

@testable import Serving

@Suite struct StateFiguresReaderTests {
    private struct Unreadable: Error {}

    private func figures(_ bytes: Int) -> StateFigures {
        var figures = StateFigures()
        figures.stateBytes = bytes
        return figures
    }

    @Test func whatIsReadIsKeptForAWhileThatGrowsWithTheTimeTheReadingTook() async {
        let clock = ManualClock()
        let reader = StateFiguresReader(elapsed: clock.stopwatch())
        var readings = 0
        func read(taking length: Duration) async -> Int? {
            await reader.reading {
                readings += 1
                clock.advance(by: length)
                return figures(readings)
            }?.stateBytes
        }
        #expect(await read(taking: .zero) == 1)
        clock.advance(by: .seconds(4))
        #expect(await read(taking: .zero) == 1)
        clock.advance(by: .seconds(1))
        #expect(await read(taking: .seconds(3)) == 2)
        // A twentieth of the time: not again within a minute.
        clock.advance(by: .seconds(59))
        #expect(await read(taking: .zero) == 2)
        clock.advance(by: .seconds(1))
        #expect(await read(taking: .zero) == 3)
        #expect(readings == 3)
    }

    @Test func whatCannotBeReadIsAskedForAgainAndWhatWasReadBeforeStands() async {
        let clock = ManualClock()
        let reader = StateFiguresReader(elapsed: clock.stopwatch())
        #expect(await reader.reading { throw Unreadable() } == nil)
        #expect(await reader.reading { nil } == nil)
        #expect(await reader.reading { figures(7) }?.stateBytes == 7)
        clock.advance(by: .seconds(5))
        #expect(await reader.reading { throw Unreadable() }?.stateBytes == 7)
        #expect(await reader.reading { figures(8) }?.stateBytes == 8)
    }

    @Test func whoeverComesMeanwhileGetsTheFiguresBefore() async {
        let clock = ManualClock()
        let reader = StateFiguresReader(elapsed: clock.stopwatch())
        let outer = await reader.reading {
            #expect(await reader.reading { figures(2) } == nil)
            return figures(1)
        }
        #expect(outer?.stateBytes == 1)
    }
}
