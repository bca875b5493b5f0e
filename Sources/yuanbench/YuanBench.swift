import ArgumentParser

@main
struct YuanBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yuanbench", abstract: "Measures how well and how fast a code model works on this host.")
}
