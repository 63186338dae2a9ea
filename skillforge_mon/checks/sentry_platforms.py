"""The platforms of projects that Sentry knows.

Source: getsentry/sentry, ``utils.platform_categories``, and ``other``. Newer servers know more, so a
name that is not here is asked about and not refused.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
    android apple-ios apple-macos bun capacitor cocoa-objc cocoa-swift cordova dart dart-flutter deno dotnet
    dotnet-aspnet dotnet-aspnetcore dotnet-awslambda dotnet-gcpfunctions dotnet-maui dotnet-winforms dotnet-wpf
    dotnet-xamarin electron elixir flutter go go-echo go-fasthttp go-fiber go-gin go-http go-iris go-martini go-negroni
    godot ionic java java-android java-appengine java-log4j java-log4j2 java-logback java-logging java-spring
    java-spring-boot javascript javascript-angular javascript-angularjs javascript-astro javascript-backbone
    javascript-capacitor javascript-cordova javascript-electron javascript-ember javascript-gatsby javascript-nextjs
    javascript-nuxt javascript-react javascript-react-router javascript-remix javascript-solid javascript-solidstart
    javascript-svelte javascript-sveltekit javascript-tanstackstart-react javascript-vue kotlin minidump native
    native-breakpad native-crashpad native-minidump native-qt nintendo node node-awslambda node-azurefunctions
    node-cloudflare-pages node-cloudflare-workers node-connect node-express node-fastify node-gcpfunctions node-hapi
    node-koa node-nestjs other perl php php-laravel php-monolog php-symfony playstation powershell python
    python-aiohttp python-asgi python-awslambda python-bottle python-celery python-chalice python-django python-falcon
    python-fastapi python-flask python-gcpfunctions python-pylons python-pymongo python-pyramid python-quart python-rq
    python-sanic python-serverless python-starlette python-tornado python-tryton python-wsgi react-native ruby
    ruby-rack ruby-rails rust unity unreal
"""
PLATFORMS: Final = frozenset(_WORDS.split())
