"""The desk's plain registers: 知识库 and 接待指引."""
