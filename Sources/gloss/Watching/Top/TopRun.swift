import Elements
import Foundation
import LatentSheets
import Store
import TerminalText

/// Runs `gloss top` on a screen: reads, draws and takes keys until a person has seen enough.
struct TopRun {
    let source: TopSource
    /// Where it is read from, for a person.
    let place: String
    let screen: Screen
    let hasColour: Bool

    private enum Event: Sendable {
        case keys([UInt8])
        case changed
        case due
        case read(Result<TopReading, any Error>)
        case opened(LatentKey, Result<LatentSheet, any Error>)
        case followed(TopSubject, TopTail.News)
        case said(String)
        /// Nobody is there any more who could press a key.
        case ended
    }

    /// All that a frame is made of.
    private struct Moment {
        var state: TopState
        var reading: TopReading
        var trouble: String?
        var opened: LatentSheet?
        var tail = TopTail()
        var said: String?
    }

    /// Runs until a key or the end of the keys ends it; the screen is left however it ends.
    func run(from reading: TopReading, every: Double) async throws {
        let (events, sender) = AsyncStream.makeStream(of: Event.self)
        screen.enter()
        let signals = ScreenSignals(screen) { sender.yield(.changed) }
        defer {
            signals.cancel()
            screen.leave()
        }
        Self.readKeys(into: sender)
        var (now, keys) = (Moment(state: TopState(every: every), reading: reading), KeyReader())
        var isReading = false
        var follower: Task<Void, Never>?
        var timer = Self.timer(now.state.every, sender)
        defer {
            timer.cancel()
            follower?.cancel()
        }
        try draw(now)
        for await event in events {
            switch event {
            case .ended: return
            case .changed: break
            case .due:
                timer = Self.timer(now.state.every, sender)
                guard !now.state.isPaused, !isReading else { continue }
                isReading = true
                read(now.state.query, sender)
                continue
            case .read(.success(let new)): (now.reading, now.trouble, isReading) = (new, nil, false)
            case .read(.failure(let error)): (now.trouble, isReading) = ("\(error)", false)
            case .opened(let key, let result):
                guard now.state.view == .latent(key) else { continue }
                switch result {
                case .success(let sheet): now.opened = sheet
                case .failure(let error): now.trouble = "\(error)"
                }
            case .followed(let subject, let news):
                guard now.state.view == .tail(subject) else { continue }
                now.tail.take(news)
                guard !now.state.isPaused else { continue }
            case .said(let text): now.said = text
            case .keys(let bytes):
                for key in keys.keys(of: bytes) {
                    now.said = nil
                    switch now.state.press(key, frame(now).shown) {
                    case .quit: return
                    case .read: read(now.state.query, sender)
                    case .open(let latent):
                        now.opened = nil
                        open(latent, sender)
                    case .follow(let subject):
                        follower?.cancel()
                        now.tail = TopTail()
                        follower = follow(subject, sender)
                    case .retry(let subject): retry(subject, coders: now.reading.coders.count, sender)
                    case .redraw, nil: break
                    }
                }
                if case .tail = now.state.view { break }
                follower?.cancel()
                follower = nil
            }
            now.state.settle(frame(now).shown)
            try draw(now)
        }
    }

    private func frame(_ now: Moment) -> TopFrame {
        let size = Terminal.size ?? (80, 24)
        let look = TopLook(width: max(20, size.columns), height: max(8, size.rows), hasColour: hasColour)
        let lines = now.opened.map { SheetPrinter(width: look.width, form: .plain).lines(of: $0) }
        return TopFrame(
            look: look, place: place, reading: now.reading, state: now.state, trouble: now.trouble, opened: lines,
            tail: now.tail, said: now.said)
    }

    private func draw(_ now: Moment) throws {
        try screen.draw(frame(now).lines.map { $0.written(hasColour: hasColour) })
    }

    private func follow(
        _ subject: TopSubject, _ sender: AsyncStream<Event>.Continuation
    ) -> Task<Void, Never> {
        Task { [source] in
            await TopFollower(source: source, subject: subject) { sender.yield(.followed(subject, $0)) }.run()
        }
    }

    private func retry(_ subject: TopSubject, coders: Int, _ sender: AsyncStream<Event>.Continuation) {
        Task { [source] in
            do {
                sender.yield(.said(try await TopRetry(source: source, subject: subject, coders: coders).run()))
            } catch {
                sender.yield(.said("\(error)"))
            }
        }
    }

    private func read(_ query: LatentQuery, _ sender: AsyncStream<Event>.Continuation) {
        Task { [source] in
            do {
                sender.yield(.read(.success(try await source.reading(query))))
            } catch {
                sender.yield(.read(.failure(error)))
            }
        }
    }

    private func open(_ latent: LatentKey, _ sender: AsyncStream<Event>.Continuation) {
        Task { [source] in
            do {
                sender.yield(.opened(latent, .success(try await source.sheet(of: latent))))
            } catch {
                sender.yield(.opened(latent, .failure(error)))
            }
        }
    }

    private static func timer(_ seconds: Double, _ sender: AsyncStream<Event>.Continuation) -> Task<Void, Never> {
        Task {
            guard (try? await Task.sleep(for: .milliseconds(Int(seconds * 1000)))) != nil else { return }
            sender.yield(.due)
        }
    }

    /// Reads on a thread of its own, since it blocks until a key is pressed.
    private static func readKeys(into sender: AsyncStream<Event>.Continuation) {
        let thread = Thread {
            var buffer = [UInt8](repeating: 0, count: 256)
            while true {
                let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
                if count > 0 {
                    sender.yield(.keys(Array(buffer.prefix(count))))
                } else if count == 0 || errno != EINTR {
                    sender.yield(.ended)
                    return
                }
            }
        }
        thread.name = "keys"
        thread.start()
    }
}
