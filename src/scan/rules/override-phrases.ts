/** A way to say that the host's instructions no longer hold. */
export interface Override {
  readonly language: string;
  /** How much it matters where a model takes it at its word. */
  readonly severity: 'moderate' | 'high';
  /** Whether "never" before it makes it harmless. */
  readonly canBeNegated: boolean;
  readonly pattern: RegExp;
}

/** Sentences that try to replace the instructions of whoever runs the prompt. Gaps between words are bounded. */
export const OVERRIDES: readonly Override[] = [
  strong(
    'en',
    /\b(?:ignore|disregard|forget|override|overrule|bypass|discard|drop|abandon|set\s{1,9}aside|pay\s{1,9}no\s{1,9}attention\s{1,9}to|do\s{1,9}not\s{1,9}follow|stop\s{1,9}following)\s{1,9}(?:(?:all|any|every|each|of|the|your|my|these|those|other|everything|in|and)\s{1,9}){0,5}(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|system|developer|safety)\s{1,9}(?:(?:and|or|system|developer|safety|security|user|given|stated)\s{1,9}){0,3}(?:instruction|prompt|rule|direction|directive|guideline|guardrail|message|command|context|constraint|restriction|polic)[a-z]{0,4}/gi,
  ),
  strong(
    'en',
    /\b(?:ignore|disregard|forget)\s{1,9}(?:everything|all|anything|what(?:ever)?)\s{1,9}(?:(?:that|which|you|was|were|have|has|been|i|we)\s{1,9}){0,5}(?:above|before|said|told|instructed)\b/gi,
  ),
  strong(
    'en',
    /\b(?:ignore|disregard|forget|override)\s{1,9}(?:(?:all|any|of|the|your)\s{1,9}){0,3}(?:instructions?|rules|guidelines)\s{1,9}(?:(?:that|which|you|were|was|have|been)\s{1,9}){0,4}(?:above|before|so\s{1,9}far|given|received|until\s{1,9}now)\b/gi,
  ),
  strong(
    'en',
    /\b(?:new|real|actual|updated)\s{1,9}(?:(?:system|developer|secret)\s{1,9})?instructions?\s{0,9}(?:follow|override|supersede|replace)s?\s{1,9}(?:(?:all|any|the|your)\s{1,9}){0,3}(?:previous|prior|above|earlier|existing|original)\b/gi,
  ),
  strong(
    'en',
    /\byou\s{1,9}are\s{1,9}(?:now\s{1,9}|no\s{1,9}longer\s{1,9}){1,2}(?:in\s{1,9}(?:developer|debug|god|admin|jailbreak|unrestricted)\s{1,9}mode|DAN\b|bound\s{1,9}by|restricted\s{1,9}by|unrestricted|jailbroken|free\s{1,9}from)/gi,
  ),
  strong(
    'en',
    /\b(?:do|must|should|shall)\s{0,3}(?:not|n't|n’t)\s{1,9}(?:tell|inform|reveal\s{1,9}this\s{1,9}to|mention\s{1,9}this\s{1,9}to|alert|notify|let)\s{1,9}the\s{1,9}(?:user|operator|developer|human)\b/gi,
    { severity: 'moderate', canBeNegated: false },
  ),
  strong(
    'en',
    /\b(?:reveal|print|repeat|output|disclose|leak|show)\s{1,9}(?:(?:me|us|all|of|the|your|full|entire|hidden|exact|verbatim)\s{1,9}){0,5}system\s{1,9}(?:prompt|message|instructions?)\b/gi,
    { severity: 'moderate' },
  ),
  strong(
    'zh',
    /(?:忽略|无视|忘记|忘掉|無視|忘記|不要遵守)(?:所有|之前|以上|先前|上面|前面|此前|系统|系統|的|你|您|一切|全部){1,6}(?:指令|指示|提示词?|提示詞?|规则|規則|命令)/g,
  ),
  strong(
    'ja',
    /(?:これまで|以前|上記|前|今まで|先程|すべて|全て)の?(?:すべての|全ての)?(?:指示|命令|ルール|プロンプト|制約)[はをも]?(?:すべて|全て)?(?:無視|忘れ|破棄)/g,
  ),
  strong(
    'ko',
    /(?:이전|위|앞|기존|지금까지)의?\s{0,3}(?:모든\s{0,3})?(?:지시|명령|규칙|프롬프트|지침)(?:사항)?[을를은는]?\s{0,3}(?:모두\s{0,3})?(?:무시|잊)/g,
  ),
  strong(
    'de',
    /\b(?:ignorier|vergiss|vergesst|missacht|verwirf|umgeh)(?:e|en|t)?\s{1,9}(?:(?:alle|alles|die|deine|sämtliche|bitte|sie|der|obigen)\s{1,9}){0,4}(?:vorherigen|bisherigen|vorigen|früheren|obigen|vorangegangenen|ursprünglichen)\s{1,9}(?:anweisung|instruktion|regel|vorgabe|befehl|prompt)/gi,
  ),
  strong(
    'fr',
    /\b(?:ignor|oubli|désobé|néglig)[a-zé]{1,4}\s{1,9}(?:(?:toutes|tous|les|tes|vos|ces|des)\s{1,9}){0,3}(?:instruction|consigne|règle|directive|ordre)s?\s{1,9}(?:précédent|antérieur|ci-dessus|initial|d'origine)/gi,
  ),
  strong(
    'es',
    /\b(?:ignor[aáe]|olvid[aáe]|descart[aáe]|desobedece)[a-z]{0,3}\s{1,9}(?:(?:todas|todos|las|los|tus|sus|estas)\s{1,9}){0,3}(?:instrucciones|reglas|órdenes|indicaciones|directrices)\s{1,9}(?:anteriores|previas|originales|de\s{1,9}arriba)/gi,
  ),
  strong(
    'pt',
    /\b(?:ignor[ae]|esqueça|esquece|desconsidere|descarte)[a-z]{0,2}\s{1,9}(?:(?:todas|todos|as|os|suas|tuas)\s{1,9}){0,3}(?:instruções|regras|ordens|diretrizes)\s{1,9}(?:anteriores|prévias|originais|acima)/gi,
  ),
  strong(
    'it',
    /\b(?:ignora|dimentica|trascura)(?:te|re)?\s{1,9}(?:(?:tutte|tutti|le|gli|i|tue)\s{1,9}){0,3}(?:istruzioni|regole|direttive|ordini)\s{1,9}(?:precedenti|iniziali|sopra|originali)/gi,
  ),
  strong(
    'nl',
    /\b(?:negeer|vergeet)\s{1,9}(?:(?:alle|de|je|uw)\s{1,9}){0,3}(?:vorige|voorgaande|eerdere|bovenstaande|oorspronkelijke)\s{1,9}(?:instructies|regels|opdrachten|aanwijzingen)/gi,
  ),
  strong(
    'pl',
    /(?<!\p{L})(?:zignoruj|ignoruj|zapomnij|pomiń)(?:cie)?\s{1,9}(?:(?:wszystkie|o|wszystkich|twoje)\s{1,9}){0,3}(?:poprzedni|wcześniejsz|powyższ)\p{L}{1,3}\s{1,9}(?:instrukcj|poleceni|zasad|polece)/giu,
  ),
  strong(
    'ru',
    /(?<!\p{L})(?:игнорируй|проигнорируй|забудь|отбрось|не\s{1,9}следуй)(?:те)?\s{1,9}(?:(?:все|всем|свои|твои|эти|обо|про)\s{1,9}){0,3}(?:предыдущи|прежни|вышеуказанны|предшествующи|прошлы)\p{L}{1,3}\s{1,9}(?:инструкци|указани|правил|команд|промпт)/giu,
  ),
  strong(
    'uk',
    /(?<!\p{L})(?:ігноруй|проігноруй|забудь)(?:те)?\s{1,9}(?:(?:всі|усі|свої|про)\s{1,9}){0,3}(?:попередн)\p{L}{1,3}\s{1,9}(?:інструкці|вказівк|правил|команд)/giu,
  ),
  strong(
    'tr',
    /(?<!\p{L})(?:önceki|yukarıdaki|daha\s{1,9}önceki)\s{1,9}(?:(?:tüm|bütün|verilen)\s{1,9}){0,2}(?:talimatları|kuralları|komutları|yönergeleri)n?ı?\s{1,9}(?:yok\s{1,9}say|görmezden\s{1,9}gel|unut|dikkate\s{1,9}alma)/giu,
  ),
  strong(
    'ar',
    /(?:تجاهل|انس|انسَ|اهمل|تجاوز)\s{1,9}(?:(?:جميع|كل|كافة)\s{1,9}){0,2}(?:التعليمات|الأوامر|القواعد|الإرشادات)\s{1,9}(?:السابقة|أعلاه|الأصلية)/g,
  ),
  strong(
    'fa',
    /(?:تمام|همه|همهٔ|همه‌ی)?\s{0,3}(?:دستورات|دستورالعمل‌های|دستورهای|قوانین)\s{1,9}(?:قبلی|پیشین|بالا)\s{1,9}(?:را|رو)\s{1,9}(?:نادیده|فراموش)/g,
  ),
  strong(
    'he',
    /(?:התעלם|תתעלם|התעלמו|שכח)\s{1,9}(?:מכל|מ|את\s{1,3}כל)?\s{0,3}ה?הוראות\s{1,9}(?:הקודמות|שלמעלה|המקוריות)/g,
  ),
  strong(
    'hi',
    /(?:पिछले|पूर्व|उपरोक्त|पहले\s{1,3}के)\s{1,9}(?:सभी\s{1,9})?(?:निर्देशों|निर्देश|आदेशों|नियमों)\s{1,9}(?:को\s{1,9})?(?:अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल)/g,
  ),
  strong(
    'vi',
    /(?<!\p{L})(?:bỏ\s{1,3}qua|phớt\s{1,3}lờ|quên)\s{1,9}(?:(?:tất\s{1,3}cả|mọi|các|những)\s{1,9}){0,3}(?:hướng\s{1,3}dẫn|chỉ\s{1,3}dẫn|chỉ\s{1,3}thị|lệnh|quy\s{1,3}tắc)\s{1,9}(?:trước|ở\s{1,3}trên|phía\s{1,3}trên)/giu,
  ),
  strong(
    'id',
    /\b(?:abaikan|lupakan)\s{1,9}(?:(?:semua|seluruh|segala)\s{1,9}){0,2}(?:instruksi|perintah|aturan|petunjuk)\s{1,9}(?:sebelumnya|di\s{1,3}atas)/gi,
  ),
];

function strong(
  language: string,
  pattern: RegExp,
  { severity = 'high', canBeNegated = true }: Partial<Pick<Override, 'severity' | 'canBeNegated'>> = {},
): Override {
  return { language, severity, canBeNegated, pattern };
}
